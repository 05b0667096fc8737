// RAND_METHOD is marked as deprecated since OpenSSL 3.0.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sigstore/crypto/internal/openssl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <sodium/core.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace sigstore::crypto::internal {
namespace {

// From the kernel, all of it: 1 or, where it has none to give, 0.
int kernel_random(unsigned char* out, int size) {
  for (auto left = static_cast<std::size_t>(std::max(size, 0)); left > 0;) {
    const auto got = ::getrandom(out, left, 0);
    if (got < 0 && errno != EINTR) return 0;
    if (got <= 0) continue;
    out += got;
    left -= static_cast<std::size_t>(got);
  }
  return size < 0 ? 0 : 1;
}

int always_seeded() {
  return 1;
}

constexpr RAND_METHOD kernel_method = {.seed = nullptr,
                                       .bytes = kernel_random,
                                       .cleanup = nullptr,
                                       .add = nullptr,
                                       .pseudorand = kernel_random,
                                       .status = always_seeded};

// OpenSSL's own generator is seeded by the same kernel and takes a third of a millisecond to start: and it is
// started to blind points, even where a signature is only verified.
int start() {
  // Cleaning up at exit costs time and gives nothing back. The tables of names are not asked for here, but
  // must not be ruled out either: that holds for the whole process, and TLS looks the digests of certificates
  // up by name.
  constexpr std::uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;
  return OPENSSL_init_crypto(options, nullptr) == 1 && RAND_set_rand_method(&kernel_method) == 1 ? 1 : 0;
}

}  // namespace

void start_openssl() {
  [[maybe_unused]] static const int started = start();
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
