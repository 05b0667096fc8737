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

constexpr std::size_t hash_size = 64;

// RFC 8032, 2: dom2(F, C) with the prehash flag 1 and an empty context.
constexpr std::string_view dom2_prehashed("SigEd25519 no Ed25519 collisions\x01\x00", 34);
// The neutral element: of the points of small order the one that is also in the prime-order group.
constexpr Point neutral = {1};

// A 64-byte number modulo the group's order.
void reduce(BytesView wide, std::span<std::uint8_t> scalar) {
  crypto_core_ed25519_scalar_reduce(scalar.data(), wide.data());
}

// RFC 8032, 5.1.7: S must lie below the order, else a signature could be bent into another.
bool is_reduced(BytesView s) {
  std::array<std::uint8_t, hash_size> wide{};
  std::ranges::copy(s, wide.begin());
  Scalar reduced;
  reduce(wide, reduced);
  return std::ranges::equal(reduced, s);
}

Hasher begin_hash(Ed25519Form form) {
  Hasher hasher(HashAlgorithm::sha512);
  if (form == Ed25519Form::prehashed) hasher.update(as_bytes(dom2_prehashed));
  return hasher;
}

// The start of what is hashed to the challenge.
Hasher begin_challenge(Ed25519Form form, BytesView r, BytesView point) {
  Hasher hasher = begin_hash(form);
  hasher.update(r);
  hasher.update(point);
  return hasher;
}

// S*B - h*A = R, the equation that libsodium checks, under its conditions.
bool holds(BytesView point, BytesView signature, BytesView challenge_hash) {
  const BytesView r = signature.first(32), s = signature.last(32);
  if (!is_reduced(s) || std::ranges::equal(r, neutral)) return false;
  Scalar h;
  reduce(challenge_hash, h);
  Point left, right, difference;
  return crypto_scalarmult_ed25519_base_noclamp(left.data(), s.data()) == 0 &&
         crypto_scalarmult_ed25519_noclamp(right.data(), h.data(), point.data()) == 0 &&
         crypto_core_ed25519_sub(difference.data(), left.data(), right.data()) == 0 &&
         std::ranges::equal(difference, r);
}

Secret finish_secret(Hasher& hasher) {
  Bytes hash = hasher.finish();
  Secret secret{BytesView(hash)};
  wipe(hash.data(), hash.size());
  return secret;
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

bool ed25519ph_verify_digest(BytesView point, BytesView digest, BytesView signature) {
  Ed25519Check check(Ed25519Form::prehashed, point, signature);
  check.update(digest);
  return check.finish();
}

Ed25519Check::Ed25519Check(Ed25519Form form, BytesView point, BytesView signature)
    : point_(point.begin(), point.end()),
      signature_(signature.begin(), signature.end()),
      challenge_(begin_challenge(form, signature.first(std::min(signature.size(), std::size_t{32})), point)) {
}

bool Ed25519Check::finish() {
  const Bytes hash = challenge_.finish();
  return signature_.size() == ed25519_signature_size && ed25519_is_point(point_) &&
         holds(point_, signature_, hash);
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

Bytes Ed25519Pair::sign_ph_digest(BytesView digest) const {
  Ed25519Signing signing(Ed25519Form::prehashed, *this);
  signing.first_pass(digest);
  signing.begin_second_pass();
  signing.second_pass(digest);
  return signing.finish();
}

Ed25519Signing::Ed25519Signing(Ed25519Form form, const Ed25519Pair& pair)
    : form_(form),
      point_(pair.point().begin(), pair.point().end()),
      nonce_(begin_hash(form)),
      nonce_again_(begin_hash(form)),
      challenge_(begin_hash(form)) {
  Hasher expand(HashAlgorithm::sha512);
  expand.update(pair.seed());
  Secret expanded = finish_secret(expand);
  expanded.writable()[0] &= 248;
  expanded.writable()[31] &= 127;
  expanded.writable()[31] |= 64;
  scalar_ = Secret(expanded.reveal_bytes().first(32));
  prefix_ = Secret(expanded.reveal_bytes().last(32));
  nonce_.update(prefix_.reveal_bytes());
  nonce_again_.update(prefix_.reveal_bytes());
}

void Ed25519Signing::begin_second_pass() {
  nonce_hash_ = finish_secret(nonce_);
  Secret nonce = Secret::of_size(scalar_size);
  reduce(nonce_hash_.reveal_bytes(), nonce.writable());
  commitment_.resize(crypto_core_ed25519_BYTES);
  if (crypto_scalarmult_ed25519_base_noclamp(commitment_.data(), nonce.reveal_bytes().data()) != 0)
    commitment_.assign(neutral.begin(), neutral.end());  // refused by finish(), if it ever happens
  challenge_ = begin_challenge(form_, commitment_, point_);
}

void Ed25519Signing::second_pass(BytesView piece) {
  nonce_again_.update(piece);
  challenge_.update(piece);
}

Bytes Ed25519Signing::finish() {
  const Secret again = finish_secret(nonce_again_);
  const Bytes challenge_hash = challenge_.finish();
  if (sodium_memcmp(again.reveal_bytes().data(), nonce_hash_.reveal_bytes().data(), hash_size) != 0)
    return {};
  // S = r + h * a
  Secret sum = Secret::of_size(scalar_size), wide = Secret::of_size(hash_size);
  std::ranges::copy(scalar_.reveal_bytes(), wide.writable().begin());
  Secret a = Secret::of_size(scalar_size), r = Secret::of_size(scalar_size);
  reduce(wide.reveal_bytes(), a.writable());
  reduce(nonce_hash_.reveal_bytes(), r.writable());
  Scalar h;
  reduce(challenge_hash, h);
  crypto_core_ed25519_scalar_mul(sum.writable().data(), h.data(), a.reveal_bytes().data());
  crypto_core_ed25519_scalar_add(sum.writable().data(), sum.reveal_bytes().data(), r.reveal_bytes().data());
  Bytes signature = commitment_;
  signature.insert(signature.end(), sum.reveal_bytes().begin(), sum.reveal_bytes().end());
  // A signature leaves only when it verifies: a faulty computation must not give anything away.
  if (!holds(point_, signature, challenge_hash)) return {};
  return signature;
}

}  // namespace sigstore::crypto::internal
