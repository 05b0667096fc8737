#include "sigstore/crypto/hmac.h"

#include <openssl/hmac.h>

#include <cstdlib>

#include "sigstore/crypto/hash.h"

namespace sigstore::crypto {

Bytes hmac_sha256(BytesView key, BytesView data) {
  static constexpr std::uint8_t nothing = 0;  // OpenSSL takes a null key for "the one before"
  Bytes mac(size_of(HashAlgorithm::sha256));
  unsigned size = 0;
  const auto* done = HMAC(EVP_sha256(), key.empty() ? &nothing : key.data(), static_cast<int>(key.size()),
                          data.data(), data.size(), mac.data(), &size);
  if (done == nullptr || size != mac.size()) std::abort();  // only without memory
  return mac;
}

}  // namespace sigstore::crypto
