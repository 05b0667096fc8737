// What the helper says of a key: whatever comes, a key that is one or an error; and a signature of any bytes.
#include <cstdlib>

#include "sigstore/codec/der.h"
#include "sigstore/keys/pkcs11/internal/material.h"

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  const auto answer = codec::json::parse(as_text({data, size}), "fuzz", {.max_depth = 8});
  if (answer && answer->object() != nullptr) {
    const auto key = keys::internal::public_key_of(*answer->object());
    need(key || (!key.error().message.empty() && key.error().code != Code::internal));
    need(!key || key->type() != crypto::KeyType::ed25519);
    need(!key || crypto::PublicKey::from_spki(key->spki()).has_value());
  }
  for (const auto type :
       {crypto::KeyType::ecdsa_p256, crypto::KeyType::ecdsa_p384, crypto::KeyType::ecdsa_p521}) {
    const auto signature = keys::internal::signature_of(type, {data, size});
    if (!signature) continue;
    codec::der::Reader outer(*signature);
    need(outer.enter(codec::der::sequence).has_value());
  }
  return 0;
}
