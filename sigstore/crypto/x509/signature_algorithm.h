// How certificates and CMS name the schemes of signatures (RFC 5758, 4055, 8410).
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "sigstore/crypto/key.h"

namespace sigstore::crypto::x509 {

struct SignatureAlgorithm {
  std::string_view oid;
  Scheme scheme;
};
// Those that are made and read here: neither prehashed Ed25519, which has no name, nor RSASSA-PSS.
inline constexpr std::array signature_algorithms = {
    SignatureAlgorithm{"1.2.840.10045.4.3.2", Scheme::ecdsa_sha256},
    SignatureAlgorithm{"1.2.840.10045.4.3.3", Scheme::ecdsa_sha384},
    SignatureAlgorithm{"1.2.840.10045.4.3.4", Scheme::ecdsa_sha512},
    SignatureAlgorithm{"1.2.840.113549.1.1.11", Scheme::rsa_pkcs1_sha256},
    SignatureAlgorithm{"1.2.840.113549.1.1.12", Scheme::rsa_pkcs1_sha384},
    SignatureAlgorithm{"1.2.840.113549.1.1.13", Scheme::rsa_pkcs1_sha512},
    SignatureAlgorithm{"1.3.101.112", Scheme::ed25519}};

// AlgorithmIdentifier, DER: of RSA the parameters are NULL, else there are none. Empty for a scheme that is
// not among them.
std::optional<Bytes> algorithm_identifier(Scheme scheme);

}  // namespace sigstore::crypto::x509
