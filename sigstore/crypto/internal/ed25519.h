// Ed25519 and Ed25519ph (RFC 8032) by libsodium: strict about encodings, refuses points of small order.
#pragma once

#include "sigstore/base/bytes.h"
#include "sigstore/base/secret.h"

namespace sigstore::crypto::internal {

inline constexpr std::size_t ed25519_signature_size = 64;

// Whether it is a point of the prime-order group in its one encoding.
bool ed25519_is_point(BytesView point);
bool ed25519_verify(BytesView point, BytesView message, BytesView signature);
bool ed25519ph_verify(BytesView point, BytesView message, BytesView signature);
// `digest` is SHA-512 of the message.
bool ed25519ph_verify_digest(BytesView point, BytesView digest, BytesView signature);

// A key pair of a 32-byte seed.
class Ed25519Pair {
 public:
  explicit Ed25519Pair(BytesView seed);
  [[nodiscard]] BytesView seed() const { return pair_.reveal_bytes().first(32); }
  [[nodiscard]] BytesView point() const { return pair_.reveal_bytes().last(32); }
  [[nodiscard]] Bytes sign(BytesView message) const;
  [[nodiscard]] Bytes sign_ph(BytesView message) const;

 private:
  Secret pair_;  // seed || point, as libsodium keeps it
};

}  // namespace sigstore::crypto::internal
