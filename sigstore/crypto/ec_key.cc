// What is called here is marked as deprecated since OpenSSL 3.0, and it is what its providers call.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sigstore/crypto/internal/ec_key.h"

#include <openssl/ec.h>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto::internal {
namespace {

int curve_id(KeyType type) {
  switch (type) {
    case KeyType::ecdsa_p256:
      return NID_X9_62_prime256v1;
    case KeyType::ecdsa_p384:
      return NID_secp384r1;
    default:
      return NID_secp521r1;
  }
}

}  // namespace

// The cofactor of each of these curves is 1: what is on the curve is in the group.
Result<EcKeyPtr> open_ec(const EcPublic& key) {
  start_openssl();
  EcKeyPtr opened(EC_KEY_new_by_curve_name(curve_id(key.type)), EC_KEY_free);
  if (opened == nullptr) return openssl_failed(Code::internal, "cannot use an elliptic curve");
  if (EC_KEY_oct2key(opened.get(), key.point.data(), key.point.size(), nullptr) != 1)
    return openssl_failed(Code::malformed, "not a valid key");
  return opened;
}

bool ec_verify(const EcKeyPtr& key, BytesView digest, BytesView signature) {
  const bool good = ECDSA_verify(0, digest.data(), static_cast<int>(digest.size()), signature.data(),
                                 static_cast<int>(signature.size()), key.get()) == 1;
  if (!good) openssl_reason();  // a bad signature leaves entries in the error queue; looking reads its texts
  return good;
}

}  // namespace sigstore::crypto::internal
