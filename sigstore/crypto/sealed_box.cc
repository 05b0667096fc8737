#include "sigstore/crypto/sealed_box.h"

#include <sodium/crypto_box.h>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto {

static_assert(sealed_box_key_size == crypto_box_PUBLICKEYBYTES);

Result<Bytes> seal_box(const Secret& message, BytesView recipient) {
  if (recipient.size() != sealed_box_key_size)
    return fail(Code::invalid_argument, "a key to seal for has 32 bytes",
                "this one has " + std::to_string(recipient.size()));
  internal::start_sodium();
  Bytes box(message.size() + crypto_box_SEALBYTES);
  if (crypto_box_seal(box.data(), message.reveal_bytes().data(), message.size(), recipient.data()) != 0)
    return fail(Code::invalid_argument, "the key to seal for is none of X25519");
  return box;
}

}  // namespace sigstore::crypto
