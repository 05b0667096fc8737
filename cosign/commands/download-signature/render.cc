#include "cosign/commands/download-signature/render.h"

#include "sigstore/codec/base64.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Bytes;
using sigstore::Result;

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

Result<json::Value> rekor_bundle(const std::string& text) {
  if (text.empty()) return json::Value();
  return json::parse(text, "the log entry of the signature");
}

}  // namespace

Result<std::string> legacy_signature(const sigstore::bundle::Bundle& signature) {
  const auto& certificates = signature.key.certificates;
  const auto& timestamps = signature.evidence.timestamps;
  TRY(auto log, rekor_bundle(signature.evidence.legacy_rekor_bundle));
  json::Object object{
      {"Base64Signature", sigstore::codec::base64::encode(signature.signature)},
      {"Payload", base64(std::get<sigstore::bundle::SimpleSigningContent>(signature.content).payload)},
      {"Cert", certificates.empty() ? json::Value() : certificate(certificates[0])},
      {"Chain", chain(certificates)},
      {"Bundle", std::move(log)}};
  object.append("RFC3161Timestamp",
                timestamps.empty()
                    ? json::Value()
                    : json::Value(json::Object{
                          {"SignedRFC3161Timestamp", sigstore::codec::base64::encode(timestamps[0])}}));
  return json::write(object);
}

}  // namespace cosign
