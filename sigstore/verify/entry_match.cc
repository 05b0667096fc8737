#include "sigstore/verify/entry_match.h"

#include <algorithm>

namespace sigstore::verify {
namespace {

Miss about_another(std::string detail, std::string expected = {}, std::string found = {}) {
  return {static_cast<int>(EntryReached::about_another), Code::mismatch, std::move(detail),
          std::move(expected), std::move(found)};
}

bool by_signer(const tlog::LoggedSignature& logged, const Case& judged,
               const std::vector<const TrustedKey*>& keys) {
  if (judged.leaf) return logged.certificate == judged.leaf->der();
  return std::ranges::any_of(keys,
                             [&](const TrustedKey* trusted) { return logged.key == trusted->key.spki(); });
}

std::optional<Miss> compare_signature(const tlog::Body& body, const Case& judged,
                                      const std::vector<const TrustedKey*>& keys) {
  bool same_signature = false;
  for (const tlog::LoggedSignature& logged : body.signatures) {
    if (logged.signature != judged.bundle.signature) continue;
    if (by_signer(logged, judged, keys)) return std::nullopt;
    same_signature = true;
  }
  if (!same_signature) return about_another("the log entry is of another signature");
  return about_another(judged.leaf ? "the log entry names another certificate"
                                   : "the log entry names another key, or a certificate");
}

// What was signed is compared with what the entry says was.
std::optional<Miss> compare(const tlog::LoggedDigest& logged, const Bytes* own, const std::string& what) {
  if (own != nullptr && *own == logged.digest) return std::nullopt;
  return about_another("the log entry is about another " + what,
                       own ? digest_text(logged.algorithm, *own) : "",
                       digest_text(logged.algorithm, logged.digest));
}

Miss wrong_kind(const tlog::Body& body, const std::string& what) {
  return about_another("a log entry of kind " + body.kind + " " + body.version + " proves nothing of " +
                       what);
}

// The digest that stands beside the signature has to be the one of the entry too: whoever reads the bundle
// reads that.
std::optional<Miss> compare_artifact(const bundle::MessageContent& content, const tlog::Body& body,
                                     const Case& judged) {
  if (!body.artifact) return wrong_kind(body, "a file");
  const bool claimed = !content.digest.empty();
  if (claimed && content.algorithm != body.artifact->algorithm)
    return about_another("the log entry has another digest of the file",
                         std::string(crypto::name(content.algorithm)),
                         std::string(crypto::name(body.artifact->algorithm)));
  if (claimed)
    if (auto miss = compare(*body.artifact, &content.digest, "file")) return miss;
  const Bytes* own = judged.message ? judged.message->digest(body.artifact->algorithm) : nullptr;
  if (own == nullptr && claimed) return std::nullopt;  // the signature tells whether the claim is true
  return compare(*body.artifact, own, "file");
}

std::optional<Miss> compare_artifact(const bundle::SimpleSigningContent&, const tlog::Body& body,
                                     const Case& judged) {
  if (!body.artifact) return wrong_kind(body, "a payload");
  return compare(*body.artifact, judged.message->digest(body.artifact->algorithm), "payload");
}

// dsse and intoto have the digest of the payload; hashedrekord of Rekor v2 that of all that is signed.
std::optional<Miss> compare_artifact(const bundle::EnvelopeContent& content, const tlog::Body& body,
                                     const Case& judged) {
  if (body.payload) {
    const Bytes own = crypto::hash(body.payload->algorithm, as_bytes(content.payload));
    return compare(*body.payload, &own, "payload");
  }
  if (!body.artifact || !is_rekor_v2(body)) return wrong_kind(body, "an envelope");
  return compare(*body.artifact, judged.message->digest(body.artifact->algorithm), "envelope");
}

}  // namespace

bool is_rekor_v2(const tlog::Body& body) {
  return body.version == "0.0.2" && (body.kind == "hashedrekord" || body.kind == "dsse");
}

std::optional<Miss> mismatch(const tlog::Entry& entry, const tlog::Body& body, const Case& judged,
                             const std::vector<const TrustedKey*>& keys) {
  const bool kind_claimed = !entry.kind.empty() || !entry.version.empty();
  if (kind_claimed && (entry.kind != body.kind || entry.version != body.version))
    return about_another("the log entry says that it is of another kind than it is",
                         entry.kind + " " + entry.version, body.kind + " " + body.version);
  if (auto miss = compare_signature(body, judged, keys)) return miss;
  return std::visit([&](const auto& content) { return compare_artifact(content, body, judged); },
                    judged.bundle.content);
}

}  // namespace sigstore::verify
