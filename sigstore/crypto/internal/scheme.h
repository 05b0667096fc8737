// Which keys use which schemes, and what a digest must look like. Errors are Code::invalid_argument.
#pragma once

#include "sigstore/crypto/key.h"

namespace sigstore::crypto::internal {

constexpr bool is_pss(Scheme scheme) {
  return scheme >= Scheme::rsa_pss_sha256 && scheme <= Scheme::rsa_pss_sha512;
}

Result<void> check_fits(KeyType type, Scheme scheme);
// Of the length of digest_of(scheme), and not for pure ed25519.
Result<void> check_digest(Scheme scheme, BytesView digest);

}  // namespace sigstore::crypto::internal
