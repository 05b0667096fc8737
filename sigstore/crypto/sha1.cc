#include "sigstore/crypto/sha1.h"

#include <cstdlib>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto {

Bytes sha1(BytesView data) {
  internal::start_openssl();
  Bytes digest(20);
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) std::abort();
  return digest;
}

}  // namespace sigstore::crypto
