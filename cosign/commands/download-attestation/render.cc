#include "cosign/commands/download-attestation/render.h"

#include "sigstore/codec/base64.h"

namespace cosign {

namespace json = sigstore::codec::json;
namespace base64 = sigstore::codec::base64;

std::string envelope_line(const sigstore::payload::Envelope& envelope) {
  json::Array signatures;
  for (const auto& signature : envelope.signatures)
    signatures.push_back(json::Object{{"keyid", signature.keyid}, {"sig", base64::encode(signature.sig)}});
  return json::write(json::Object{{"payloadType", envelope.payload_type},
                                  {"payload", base64::encode(sigstore::as_bytes(envelope.payload))},
                                  {"signatures", std::move(signatures)}});
}

}  // namespace cosign
