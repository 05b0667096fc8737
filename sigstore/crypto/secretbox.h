// NaCl secretbox (XSalsa20-Poly1305) and scrypt (RFC 7914): what an encrypted key file is made of.
#pragma once

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace sigstore::crypto {

inline constexpr std::size_t secretbox_key_size = 32;
inline constexpr std::size_t secretbox_nonce_size = 24;

// Tag (16 bytes) first, then the encrypted message.
Bytes secretbox_seal(const Secret& message, BytesView nonce, const Secret& key);
// Code::wrong_password when the tag does not hold.
Result<Secret> secretbox_open(BytesView box, BytesView nonce, const Secret& key);

struct ScryptCost {
  std::uint64_t n = 65536;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
  friend bool operator==(const ScryptCost&, const ScryptCost&) = default;
};
// Memory: 128 * n * r bytes, wiped. Code::internal when it cannot be had.
Result<Secret> scrypt(const Secret& password, BytesView salt, const ScryptCost& cost, std::size_t size);

}  // namespace sigstore::crypto
