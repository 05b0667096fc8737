// ECDSA verification by OpenSSL's own routines, without its providers: finding those costs more than most
// programs verify (docs/design/decisions/0011-openssl-underneath.md).
#pragma once

#include <memory>

#include "sigstore/crypto/internal/key_encoding.h"

struct ec_key_st;  // OpenSSL's EC_KEY

namespace sigstore::crypto::internal {

using EcKeyPtr = std::shared_ptr<ec_key_st>;

// Code::malformed for a point that is not on its curve.
Result<EcKeyPtr> open_ec(const EcPublic& key);

// The signature is DER, strictly. Safe for one key in several threads.
bool ec_verify(const EcKeyPtr& key, BytesView digest, BytesView signature);

}  // namespace sigstore::crypto::internal
