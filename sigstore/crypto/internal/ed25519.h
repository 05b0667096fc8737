// Ed25519 and Ed25519ph (RFC 8032): strict about encodings, refuses points of small order. What is in memory
// goes through libsodium whole; what passes in pieces is put together here of libsodium's arithmetic in the
// group, with SHA-512 by OpenSSL, which has it in twice the speed.
#pragma once

#include "sigstore/base/bytes.h"
#include "sigstore/base/secret.h"
#include "sigstore/crypto/hash.h"

namespace sigstore::crypto::internal {

inline constexpr std::size_t ed25519_signature_size = 64;

// Pure: the message. Prehashed: its SHA-512 in the message's place.
enum class Ed25519Form { pure, prehashed };

// Whether it is a point of the prime-order group in its one encoding.
bool ed25519_is_point(BytesView point);
bool ed25519_verify(BytesView point, BytesView message, BytesView signature);
bool ed25519ph_verify(BytesView point, BytesView message, BytesView signature);
// `digest` is SHA-512 of the message.
bool ed25519ph_verify_digest(BytesView point, BytesView digest, BytesView signature);

// Judges one signature over a message that passes in pieces, once. It says what ed25519_verify() says of the
// whole.
class Ed25519Check {
 public:
  Ed25519Check(Ed25519Form form, BytesView point, BytesView signature);
  void update(BytesView piece) { challenge_.update(piece); }
  bool finish();  // once

 private:
  Bytes point_, signature_;
  Hasher challenge_;
};

// A key pair of a 32-byte seed.
class Ed25519Pair {
 public:
  explicit Ed25519Pair(BytesView seed);
  [[nodiscard]] BytesView seed() const { return pair_.reveal_bytes().first(32); }
  [[nodiscard]] BytesView point() const { return pair_.reveal_bytes().last(32); }
  [[nodiscard]] Bytes sign(BytesView message) const;
  [[nodiscard]] Bytes sign_ph(BytesView message) const;
  // `digest` is SHA-512 of the message.
  [[nodiscard]] Bytes sign_ph_digest(BytesView digest) const;

 private:
  Secret pair_;  // seed || point, as libsodium keeps it
};

// Signs a message that passes in pieces, twice (RFC 8032, 5.1.6): the nonce is a hash of all of it, and must
// be known before the hash that is signed begins.
class Ed25519Signing {
 public:
  Ed25519Signing(Ed25519Form form, const Ed25519Pair& pair);
  void first_pass(BytesView piece) { nonce_.update(piece); }
  void begin_second_pass();  // once
  void second_pass(BytesView piece);
  // Once. Empty when the second message was not the first: two challenges under one nonce give the key away.
  Bytes finish();

 private:
  Ed25519Form form_;
  Bytes point_, commitment_;  // A and R
  Secret scalar_, prefix_;    // the two halves of SHA-512(seed)
  Secret nonce_hash_;
  Hasher nonce_, nonce_again_, challenge_;
};

}  // namespace sigstore::crypto::internal
