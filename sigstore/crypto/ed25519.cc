#include "sigstore/crypto/internal/ed25519.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto::internal {
namespace {

constexpr std::size_t scalar_size = crypto_core_ed25519_SCALARBYTES;
using Scalar = std::array<std::uint8_t, scalar_size>;
using Point = std::array<std::uint8_t, crypto_core_ed25519_BYTES>;

// RFC 8032, 2: dom2(F, C) with the prehash flag 1 and an empty context.
constexpr std::string_view dom2_prehashed("SigEd25519 no Ed25519 collisions\x01\x00", 34);

// A 64-byte number modulo the group's order.
Scalar reduce(const std::array<std::uint8_t, 64>& wide) {
  Scalar scalar;
  crypto_core_ed25519_scalar_reduce(scalar.data(), wide.data());
  return scalar;
}

// RFC 8032, 5.1.7: S must lie below the order, else a signature could be bent into another.
bool is_reduced(BytesView s) {
  std::array<std::uint8_t, 64> wide{};
  std::ranges::copy(s, wide.begin());
  const Scalar reduced = reduce(wide);
  return std::ranges::equal(reduced, s);
}

Scalar challenge(BytesView r, BytesView point, BytesView digest) {
  Hasher hasher(HashAlgorithm::sha512);
  hasher.update(as_bytes(dom2_prehashed));
  hasher.update(r);
  hasher.update(point);
  hasher.update(digest);
  std::array<std::uint8_t, 64> wide;
  std::ranges::copy(hasher.finish(), wide.begin());
  return reduce(wide);
}

}  // namespace

bool ed25519_is_point(BytesView point) {
  start_sodium();
  return point.size() == crypto_core_ed25519_BYTES && crypto_core_ed25519_is_valid_point(point.data()) == 1;
}

bool ed25519_verify(BytesView point, BytesView message, BytesView signature) {
  start_sodium();
  return signature.size() == ed25519_signature_size &&
         crypto_sign_verify_detached(signature.data(), message.data(), message.size(), point.data()) == 0;
}

bool ed25519ph_verify(BytesView point, BytesView message, BytesView signature) {
  start_sodium();
  if (signature.size() != ed25519_signature_size) return false;
  crypto_sign_state state;
  crypto_sign_init(&state);
  crypto_sign_update(&state, message.data(), message.size());
  return crypto_sign_final_verify(&state, signature.data(), point.data()) == 0;
}

// libsodium takes no digest here, so the equation S*B - h*A = R is written out.
bool ed25519ph_verify_digest(BytesView point, BytesView digest, BytesView signature) {
  if (signature.size() != ed25519_signature_size || !ed25519_is_point(point)) return false;
  const BytesView r = signature.first(32), s = signature.last(32);
  if (!is_reduced(s)) return false;
  const Scalar h = challenge(r, point, digest);
  Point left, right, difference;
  return crypto_scalarmult_ed25519_base_noclamp(left.data(), s.data()) == 0 &&
         crypto_scalarmult_ed25519_noclamp(right.data(), h.data(), point.data()) == 0 &&
         crypto_core_ed25519_sub(difference.data(), left.data(), right.data()) == 0 &&
         std::ranges::equal(difference, r);
}

Ed25519Pair::Ed25519Pair(BytesView seed) : pair_(Secret::of_size(crypto_sign_SECRETKEYBYTES)) {
  start_sodium();
  Point point;
  crypto_sign_seed_keypair(point.data(), pair_.writable().data(), seed.data());
}

Bytes Ed25519Pair::sign(BytesView message) const {
  Bytes signature(ed25519_signature_size);
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                       pair_.reveal_bytes().data());
  return signature;
}

Bytes Ed25519Pair::sign_ph(BytesView message) const {
  Bytes signature(ed25519_signature_size);
  crypto_sign_state state;
  crypto_sign_init(&state);
  crypto_sign_update(&state, message.data(), message.size());
  crypto_sign_final_create(&state, signature.data(), nullptr, pair_.reveal_bytes().data());
  return signature;
}

}  // namespace sigstore::crypto::internal
