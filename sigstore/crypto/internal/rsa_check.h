// Whether the numbers of an RSA key are one, and not one that is known to be weak.
#pragma once

#include "sigstore/crypto/internal/key_encoding.h"

namespace sigstore::crypto::internal {

// The relations of RFC 8017, section 3.2 (that p and q are prime is not proved). Code::malformed.
Result<void> check_rsa_numbers(const RsaPrivate& key);

// The exponent is 65537, the modulus has no small factor, and not the form that CVE-2017-15361 (ROCA) gave
// it: the original asks for the same. Code::unsupported.
Result<void> check_rsa_strength(const RsaPublic& key);

}  // namespace sigstore::crypto::internal
