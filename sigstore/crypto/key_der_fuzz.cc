// SubjectPublicKeyInfo and PKCS#8: what is read is written back as the same bytes, and works.
#include <algorithm>
#include <cstdlib>

#include "sigstore/crypto/internal/key_encoding.h"

namespace {

using namespace sigstore;
using namespace sigstore::crypto;

void need(bool holds) {
  if (!holds) std::abort();
}

void try_public(BytesView der) {
  const auto parts = internal::parse_spki(der);
  const auto key = PublicKey::from_spki(der);
  need(parts || !key);
  if (parts) need(std::ranges::equal(internal::encode_spki(*parts), der));
  if (!key) return;
  need(std::ranges::equal(key->spki(), der));
  need(PublicKey::from_pem(key->pem(), "fuzz") == *key);
  for (const Scheme scheme : key->schemes()) need(!key->verify(scheme, der, der));
}

void try_private(BytesView der) {
  auto key = PrivateKey::from_pkcs8(Secret(der));
  if (!key) return;
  need(std::ranges::equal(key->pkcs8().reveal_bytes(), der));
  const auto scheme = key->public_key().schemes().front();
  if (key->public_key().type() == KeyType::rsa) return;  // slow, and may be a damaged key
  const auto signature = key->sign(scheme, der);
  need(signature && key->public_key().verify(scheme, der, *signature));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try_public({data, size});
  try_private({data, size});
  return 0;
}
