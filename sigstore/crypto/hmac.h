// Keyed hashes (RFC 2104, FIPS 198-1).
#pragma once

#include "sigstore/base/bytes.h"

namespace sigstore::crypto {

// HMAC-SHA-256: 32 bytes. Compare with equal_in_constant_time() (bcrypt.h).
Bytes hmac_sha256(BytesView key, BytesView data);

}  // namespace sigstore::crypto
