#include "cosign/commands/download-signature/render.h"

#include "sigstore/bundle/log_entry.h"
#include "sigstore/codec/base64.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Bytes;

std::string base64(std::string_view text) {
  return sigstore::codec::base64::encode(sigstore::as_bytes(text));
}

json::Value certificate(const Bytes& der) {
  return json::Object{{"Raw", sigstore::codec::base64::encode(der)}};
}

json::Value chain(const std::vector<Bytes>& certificates) {
  json::Array rest;
  for (std::size_t i = 1; i < certificates.size(); ++i) rest.push_back(certificate(certificates[i]));
  return rest.empty() ? json::Value() : json::Value(std::move(rest));
}

json::Value rekor_bundle(const sigstore::bundle::Evidence& evidence) {
  const auto* entry = sigstore::bundle::with_promise(evidence.tlog_entries);
  return entry == nullptr ? json::Value() : json::Value(sigstore::bundle::old_rekor_bundle(*entry));
}

}  // namespace

std::string legacy_signature(const sigstore::bundle::Bundle& signature) {
  const auto& certificates = signature.key.certificates;
  const auto& timestamps = signature.evidence.timestamps;
  json::Object object{
      {"Base64Signature", sigstore::codec::base64::encode(signature.signature)},
      {"Payload", base64(std::get<sigstore::bundle::SimpleSigningContent>(signature.content).payload)},
      {"Cert", certificates.empty() ? json::Value() : certificate(certificates[0])},
      {"Chain", chain(certificates)},
      {"Bundle", rekor_bundle(signature.evidence)}};
  object.append("RFC3161Timestamp",
                timestamps.empty()
                    ? json::Value()
                    : json::Value(json::Object{
                          {"SignedRFC3161Timestamp", sigstore::codec::base64::encode(timestamps[0])}}));
  return json::write(object);
}

}  // namespace cosign
