#include <array>

#include "sigstore/crypto/key.h"

namespace sigstore::crypto {
namespace {

constexpr std::array<std::string_view, 5> type_names = {"ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa",
                                                        "ed25519"};
constexpr std::array<std::string_view, 8> scheme_names = {
    "ecdsa-sha256",     "ecdsa-sha384",     "ecdsa-sha512", "rsa-pkcs1-sha256",
    "rsa-pkcs1-sha384", "rsa-pkcs1-sha512", "ed25519",      "ed25519ph"};

}  // namespace

std::string_view name(KeyType type) {
  return type_names[static_cast<std::size_t>(type)];
}
std::string_view name(Scheme scheme) {
  return scheme_names[static_cast<std::size_t>(scheme)];
}

HashAlgorithm digest_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::ecdsa_sha256:
    case Scheme::rsa_pkcs1_sha256:
      return HashAlgorithm::sha256;
    case Scheme::ecdsa_sha384:
    case Scheme::rsa_pkcs1_sha384:
      return HashAlgorithm::sha384;
    default:
      return HashAlgorithm::sha512;
  }
}

}  // namespace sigstore::crypto
