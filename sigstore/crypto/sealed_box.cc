#include "sigstore/crypto/sealed_box.h"

#include <sodium/crypto_box.h>
#include <sodium/crypto_generichash.h>

#include <algorithm>
#include <array>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto {
namespace {

static_assert(sealed_box_key_size == crypto_box_PUBLICKEYBYTES);
constexpr std::size_t public_size = crypto_box_PUBLICKEYBYTES;

// BLAKE2b of both public keys, as the anonymous box has it.
std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce_of(const std::uint8_t* sender, BytesView recipient) {
  std::array<std::uint8_t, 2 * public_size> keys;
  std::copy_n(sender, public_size, keys.begin());
  std::ranges::copy(recipient, keys.begin() + public_size);
  std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce;
  crypto_generichash(nonce.data(), nonce.size(), keys.data(), keys.size(), nullptr, 0);
  return nonce;
}

}  // namespace

Result<Bytes> seal_box(const Secret& message, BytesView recipient, Random& random) {
  if (recipient.size() != sealed_box_key_size)
    return fail(Code::invalid_argument, "a key to seal for has 32 bytes",
                "this one has " + std::to_string(recipient.size()));
  internal::start_sodium();
  Secret seed = Secret::of_size(crypto_box_SEEDBYTES);
  random.fill(seed.writable());
  Secret one_use = Secret::of_size(crypto_box_SECRETKEYBYTES);
  Bytes box(public_size + crypto_box_MACBYTES + message.size());
  crypto_box_seed_keypair(box.data(), one_use.writable().data(), seed.reveal_bytes().data());
  const auto nonce = nonce_of(box.data(), recipient);
  if (crypto_box_easy(box.data() + public_size, message.reveal_bytes().data(), message.size(), nonce.data(),
                      recipient.data(), one_use.reveal_bytes().data()) != 0)
    return fail(Code::invalid_argument, "the key to seal for is none of X25519");
  return box;
}

}  // namespace sigstore::crypto
