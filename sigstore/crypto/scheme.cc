#include "sigstore/crypto/internal/scheme.h"

#include <array>

namespace sigstore::crypto {
namespace {

constexpr std::array<std::string_view, 5> type_names = {"ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa",
                                                        "ed25519"};
constexpr std::array<std::string_view, 11> scheme_names = {
    "ecdsa-sha256",     "ecdsa-sha384",     "ecdsa-sha512",  "rsa-pkcs1-sha256",
    "rsa-pkcs1-sha384", "rsa-pkcs1-sha512", "ed25519",       "ed25519ph",
    "rsa-pss-sha256",   "rsa-pss-sha384",   "rsa-pss-sha512"};

bool fits(KeyType type, Scheme scheme) {
  switch (type) {
    case KeyType::rsa:
      return internal::is_pss(scheme) ||
             (scheme >= Scheme::rsa_pkcs1_sha256 && scheme <= Scheme::rsa_pkcs1_sha512);
    case KeyType::ed25519:
      return scheme == Scheme::ed25519 || scheme == Scheme::ed25519ph;
    default:
      return scheme <= Scheme::ecdsa_sha512;
  }
}

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
    case Scheme::rsa_pss_sha256:
      return HashAlgorithm::sha256;
    case Scheme::ecdsa_sha384:
    case Scheme::rsa_pkcs1_sha384:
    case Scheme::rsa_pss_sha384:
      return HashAlgorithm::sha384;
    default:
      return HashAlgorithm::sha512;
  }
}

namespace internal {

Result<void> check_fits(KeyType type, Scheme scheme) {
  if (fits(type, scheme)) return {};
  return fail(Code::invalid_argument,
              "a key of type " + std::string(name(type)) + " does not use " + std::string(name(scheme)));
}

Result<void> check_digest(Scheme scheme, BytesView digest) {
  if (scheme == Scheme::ed25519)
    return fail(Code::invalid_argument, "ed25519 signs the message itself, not its digest");
  if (digest.size() != size_of(digest_of(scheme)))
    return fail(Code::invalid_argument,
                "a digest for " + std::string(name(scheme)) + " has the wrong length");
  return {};
}

}  // namespace internal
}  // namespace sigstore::crypto
