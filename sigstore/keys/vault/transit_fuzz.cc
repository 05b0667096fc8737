// Whatever a transit engine answers: a key that signs, a signature with its version, or an error.
#include <cstdlib>

#include "sigstore/keys/vault/transit.h"
#include "sigstore/keys/vault/vault_settings.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void read(const codec::json::Value& answer) {
  for (const std::uint64_t version : {0, 1, 2}) {
    const auto key = keys::parse_transit_key(answer, version, "the key k");
    require(!key || (key->version != 0 && (version == 0 || key->version == version)));
    require(!key || crypto::PublicKey::from_spki(key->key.spki()));
  }
  const auto signature = keys::parse_transit_signature(answer);
  require(!signature || (signature->version != 0 && !signature->signature.empty()));
  require(!signature || signature->signature.size() <= limits::signature_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto answer = codec::json::parse(text, "the answer")) read(*answer);
  const auto helper = keys::token_helper_of(text);
  require(helper.find('\n') == std::string::npos && helper.find('"') == std::string::npos);
  return 0;
}
