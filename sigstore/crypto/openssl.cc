#include "sigstore/crypto/internal/openssl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sodium/core.h>

#include <cstdlib>

namespace sigstore::crypto::internal {

void start_openssl() {
  // Cleaning up at exit costs time and gives nothing back. The tables of names are not asked for here, but
  // must not be ruled out either: that holds for the whole process, and TLS looks the digests of certificates
  // up by name.
  constexpr std::uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
  [[maybe_unused]] static const int started = OPENSSL_init_crypto(options, nullptr);
}

const EVP_MD* digest_method(HashAlgorithm algorithm) {
  const auto fetch = [](const char* name) -> const EVP_MD* {
    start_openssl();
    const EVP_MD* method = EVP_MD_fetch(nullptr, name, nullptr);
    if (method == nullptr) std::abort();  // part of every libcrypto: only memory can be missing
    return method;
  };
  switch (algorithm) {
    case HashAlgorithm::sha256: {
      static const EVP_MD* const method = fetch("SHA256");
      return method;
    }
    case HashAlgorithm::sha384: {
      static const EVP_MD* const method = fetch("SHA384");
      return method;
    }
    case HashAlgorithm::sha512: {
      static const EVP_MD* const method = fetch("SHA512");
      return method;
    }
  }
  std::abort();
}

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return {};
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "libcrypto error " + std::to_string(code);
}

std::unexpected<Error> openssl_failed(Code code, std::string message) {
  return fail(code, std::move(message), openssl_reason());
}

void start_sodium() {
  [[maybe_unused]] static const int started = sodium_init();
}

}  // namespace sigstore::crypto::internal
