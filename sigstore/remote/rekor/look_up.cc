#include "sigstore/remote/rekor/look_up.h"

#include <algorithm>

#include "sigstore/bundle/upgrade.h"
#include "sigstore/codec/base64.h"

namespace sigstore::remote {
namespace {

using Entries = std::vector<tlog::Entry>;

// Whether the entry is about this signature by this signer, and over this file where it is one.
bool is_about(const tlog::Entry& entry, const tlog::LoggedSignature& signer,
              const std::optional<tlog::LoggedDigest>& artifact) {
  const auto body = tlog::read_body(entry.body);
  if (!body || (artifact && body->artifact != artifact)) return false;
  return std::ranges::any_of(body->signatures, [&](const tlog::LoggedSignature& one) {
    const bool same = one.signature == signer.signature || one.signature.empty();  // intoto 0.0.1 has none
    return same && one.certificate == signer.certificate && one.key == signer.key;
  });
}

// The log keeps the digest of the text. cosign 2 and 3 write the same envelope in two ways.
std::vector<std::string> texts_of(const bundle::EnvelopeContent& content, const Bytes& signature) {
  namespace json = codec::json;
  const std::string sig = codec::base64::encode(signature);
  const json::Object one{{"keyid", ""}, {"sig", sig}};
  const json::Object old{{"payloadType", content.payload_type},
                         {"payload", codec::base64::encode(as_bytes(content.payload))},
                         {"signatures", json::Array{one}}};
  return {json::write(old), payload::write_envelope(content.payload_type, content.payload, signature)};
}

Result<tlog::Entry> first(Rekor& rekor, Entries found, const tlog::LoggedSignature& signer,
                          const std::optional<tlog::LoggedDigest>& artifact) {
  std::erase_if(found, [&](const tlog::Entry& entry) { return !is_about(entry, signer, artifact); });
  const auto at = std::ranges::min_element(found, {}, &tlog::Entry::log_index);
  if (at == found.end()) return fail(Code::not_found, rekor.name() + " has no entry of this signature");
  tlog::Entry out = *at;
  out.proof.reset();
  TRY_OK(bundle::take_proof(out, std::move(*at)));
  return out;
}

}  // namespace

Result<tlog::Entry> look_up(Rekor& rekor, const bundle::Bundle& bundle, tlog::LoggedSignature signer,
                            BytesView file_sha256, std::string_view envelope) {
  signer.signature = bundle.signature;
  if (const auto* content = std::get_if<bundle::EnvelopeContent>(&bundle.content)) {
    const auto texts = envelope.empty() ? texts_of(*content, bundle.signature)
                                        : std::vector<std::string>{std::string(envelope)};
    TRY(auto found, rekor.of_envelope(texts, signer));
    return first(rekor, std::move(found), signer, std::nullopt);
  }
  tlog::LoggedDigest artifact;
  artifact.digest.assign(file_sha256.begin(), file_sha256.end());
  if (const auto* simple = std::get_if<bundle::SimpleSigningContent>(&bundle.content))
    artifact.digest = crypto::sha256(as_bytes(simple->payload));
  TRY(auto found, rekor.of_signature(artifact, signer));
  return first(rekor, std::move(found), signer, artifact);
}

}  // namespace sigstore::remote
