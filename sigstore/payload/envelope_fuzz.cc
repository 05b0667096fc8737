// An envelope that is accepted is signed, and its form in standard base64 is read as the same value.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/payload/statement.h"

using namespace sigstore;
using namespace sigstore::payload;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const Envelope& envelope) {
  using codec::base64::encode;
  codec::json::Array signatures;
  for (const auto& signature : envelope.signatures)
    signatures.push_back(codec::json::Object{{"sig", encode(signature.sig)}, {"keyid", signature.keyid}});
  return codec::json::write_plain(codec::json::Object{{"payload", encode(as_bytes(envelope.payload))},
                                                      {"payloadType", envelope.payload_type},
                                                      {"signatures", std::move(signatures)}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto envelope = Envelope::parse(std::string(as_text({data, size})));
  if (!envelope) {
    require(!envelope.error().message.empty());
    return 0;
  }
  require(!envelope->payload_type.empty());
  require(!envelope->signatures.empty() && envelope->signatures.size() <= limits::envelope_signatures);
  for (const auto& signature : envelope->signatures) require(!signature.sig.empty());
  const auto again = Envelope::parse(written(*envelope));
  require(again.has_value() && *again == *envelope);
  if (envelope->signatures.size() == 1) {
    const auto& [sig, keyid] = envelope->signatures[0];
    const auto ours = Envelope::parse(write_envelope(envelope->payload_type, envelope->payload, sig));
    require(ours.has_value() && ours->payload == envelope->payload && ours->signatures[0].sig == sig);
  }
  const auto encoded = pre_authentication_encoding(envelope->payload_type, envelope->payload);
  require(encoded.ends_with(envelope->payload) && encoded.starts_with("DSSEv1 "));
  return 0;
}
