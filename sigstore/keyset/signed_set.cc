#include "sigstore/keyset/signed_set.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::keyset {
namespace {

namespace json = codec::json;

bool is_envelope(const json::Value& value) {
  return value.get("payloadType") != nullptr;
}

Result<payload::Envelope> read_envelope(std::string text, std::string_view what) {
  auto envelope = payload::Envelope::parse(std::move(text));
  if (!envelope) return fail(envelope.error().wrap(std::string(what) + " cannot be read"));
  if (envelope->payload_type == payload_type) return envelope;
  return fail(Code::unsupported, std::string(what) + " is no key set",
              "it is an envelope of " + envelope->payload_type.substr(0, 200));
}

std::string signed_bytes(const SignedSet& set) {
  return payload::pre_authentication_encoding(payload_type, set.document);
}

bool has_signed(const crypto::PublicKey& key, const std::string& message,
                const std::vector<payload::Envelope::Signature>& signatures) {
  return std::ranges::any_of(signatures, [&](const auto& signature) {
    return std::ranges::any_of(key.schemes(), [&](crypto::Scheme scheme) {
      return key.verify(scheme, as_bytes(message), signature.sig).has_value();
    });
  });
}

std::vector<crypto::PublicKey> distinct(const std::vector<crypto::PublicKey>& keys) {
  std::vector<crypto::PublicKey> once;
  for (const auto& key : keys)
    if (std::ranges::find(once, key) == once.end()) once.push_back(key);
  return once;
}

std::vector<crypto::PublicKey> own_roots(const KeySet& set) {
  std::vector<crypto::PublicKey> keys;
  for (const Root& root : set.roots) keys.push_back(root.key);
  return keys;
}

// The name that the set has for a root, and its id.
std::string title(const KeySet& set, const crypto::PublicKey& root) {
  const auto known = std::ranges::find(set.roots, root, &Root::key);
  if (known == set.roots.end() || known->name.empty()) return root.fingerprint();
  return known->name + " (" + root.fingerprint() + ")";
}

// "2 of 3 roots", with those that did.
std::unexpected<Error> too_few(const KeySet& set, std::string_view what,
                               const std::vector<crypto::PublicKey>& signed_by, std::size_t threshold,
                               const std::string& roots, const std::string& other_way = {}) {
  std::string cause = signed_by.empty() ? "it is signed by none of them" : "it is signed by ";
  for (const auto& key : signed_by) cause += (&key == &signed_by.front() ? "" : " and ") + title(set, key);
  return fail(Code::bad_signature,
              std::string(what) + " is signed by " + std::to_string(signed_by.size()) + " " + roots +
                  ", and " + std::to_string(threshold) + " must sign it",
              std::move(cause),
              "cosign keyset sign adds a signature; cosign keyset show says whose are there" + other_way);
}

Result<void> judge_pinned(const SignedSet& set, const Demands& demands, std::string_view what) {
  const auto pinned = distinct(demands.roots);
  const std::size_t threshold = demands.threshold == 0 ? pinned.size() : demands.threshold;
  if (threshold > pinned.size())
    return fail(Code::invalid_argument,
                std::to_string(threshold) + " roots must sign " + std::string(what) + ", and " +
                    std::to_string(pinned.size()) + (pinned.size() == 1 ? " was given" : " were given"),
                pinned.size() < demands.roots.size() ? "the same root was given twice" : "");
  const auto signed_by = signers(set, pinned);
  if (signed_by.size() >= threshold) return {};
  return too_few(set.set, what, signed_by, threshold,
                 "of the " + std::to_string(pinned.size()) + " roots that are trusted",
                 signed_by.empty()
                     ? ""
                     : "; --keyset-threshold " + std::to_string(signed_by.size()) + " is content with these");
}

Result<void> judge_signatures(const SignedSet& set, const Demands& demands, std::string_view what) {
  const auto own = signing_roots(set);
  if (own.size() < set.set.threshold)
    return too_few(set.set, what, own, set.set.threshold,
                   "of its " + std::to_string(set.set.roots.size()) + " roots");
  if (!demands.roots.empty()) return judge_pinned(set, demands, what);
  if (demands.threshold == 0) return {};
  return fail(Code::invalid_argument, "how many roots must sign is given, and no root", {},
              "name each with --keyset-root");
}

Result<void> judge_version(const SignedSet& set, const Demands& demands, std::string_view what) {
  const auto text = [](std::uint64_t version) { return std::to_string(version); };
  const std::uint64_t version = set.set.version;
  if (version < demands.min_version)
    return fail(Code::mismatch,
                std::string(what) + " is version " + text(version) + ", and " + text(demands.min_version) +
                    " is the oldest that is wanted",
                {}, "get the newest");
  if (!demands.seen) return {};
  if (version < demands.seen->version)
    return fail(Code::mismatch,
                std::string(what) + " is version " + text(version) + ", and version " +
                    text(demands.seen->version) + " was seen before",
                "somebody rolled it back, or an old copy is at hand", "get the newest");
  if (version == demands.seen->version && set.digest() != demands.seen->digest)
    return fail(
        Code::mismatch,
        std::string(what) + " is another version " + text(version) + " than the one that was seen before",
        "its document is " + set.digest() + ", and that was " + demands.seen->digest,
        "every change needs a version of its own");
  return {};
}

}  // namespace

Result<SignedSet> SignedSet::parse(std::string text, std::string_view what) {
  json::ParseOptions options;
  options.max_bytes = limits::key_set_bytes;
  TRY(const auto value, json::parse(text, what, options));
  SignedSet out;
  if (is_envelope(value)) {
    TRY(auto envelope, read_envelope(std::move(text), what));
    out.document = std::move(envelope.payload);
    out.signatures = std::move(envelope.signatures);
  } else {
    out.document = std::move(text);
  }
  TRY(out.set, KeySet::parse(out.document, what));
  return out;
}

SignedSet SignedSet::of(KeySet set) {
  SignedSet out;
  out.document = set.write();
  out.set = std::move(set);
  return out;
}

std::string SignedSet::write() const {
  if (signatures.empty()) return document;
  json::Array list;
  for (const auto& signature : signatures)
    list.push_back(json::Object{{"keyid", signature.keyid}, {"sig", codec::base64::encode(signature.sig)}});
  return json::write_indented(json::Object{{"payloadType", payload_type},
                                           {"payload", codec::base64::encode(as_bytes(document))},
                                           {"signatures", std::move(list)}},
                              2) +
         "\n";
}

std::string SignedSet::digest() const {
  return "sha256:" + codec::hex::encode(crypto::sha256(as_bytes(document)));
}

Result<void> SignedSet::sign(crypto::Signer& signer, crypto::Scheme scheme) {
  const crypto::PublicKey& key = signer.public_key();
  const std::string message = signed_bytes(*this);
  TRY(auto sig, signer.sign(scheme, as_bytes(message)));
  TRY_OK(key.verify(scheme, as_bytes(message), sig));
  std::erase_if(signatures, [&](const auto& other) { return other.keyid == key.fingerprint(); });
  if (signatures.size() >= limits::envelope_signatures)
    return fail(Code::conflict, "there are " + std::to_string(signatures.size()) +
                                    " signatures already, and a "
                                    "set has no more");
  signatures.push_back({std::move(sig), key.fingerprint()});
  return {};
}

std::vector<crypto::PublicKey> signers(const SignedSet& set, const std::vector<crypto::PublicKey>& keys) {
  const std::string message = signed_bytes(set);
  std::vector<crypto::PublicKey> found = distinct(keys);
  std::erase_if(found, [&](const auto& key) { return !has_signed(key, message, set.signatures); });
  return found;
}

std::vector<crypto::PublicKey> signing_roots(const SignedSet& set) {
  return signers(set, own_roots(set.set));
}

Result<Seen> Seen::parse(std::string_view text, std::string_view what) {
  json::ParseOptions options;
  options.max_bytes = limits::mib;
  TRY(const auto value, json::parse(text, what, options));
  TRY(const auto* object, json::need_object(value, what));
  Seen seen;
  TRY(seen.version, json::need_uint64(*object, "version", what));
  TRY(seen.digest, json::need_string(*object, "digest", what));
  return seen;
}

std::string Seen::write() const {
  return json::write_indented(json::Object{{"version", version}, {"digest", digest}}, 2) + "\n";
}

Result<void> judge(const SignedSet& set, const Demands& demands, Time now, std::string_view what) {
  TRY_OK(judge_signatures(set, demands, what));
  TRY_OK(judge_version(set, demands, what));
  if (!set.set.has_expired(now)) return {};
  return fail(Code::mismatch,
              std::string(what) + " has expired at " + codec::rfc3339::seconds(*set.set.expires), {},
              "get the newest, or sign a newer version of it");
}

}  // namespace sigstore::keyset
