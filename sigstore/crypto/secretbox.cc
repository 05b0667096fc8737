#include "sigstore/crypto/secretbox.h"

#include <sodium/crypto_secretbox.h>

#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto {

static_assert(secretbox_key_size == crypto_secretbox_KEYBYTES);
static_assert(secretbox_nonce_size == crypto_secretbox_NONCEBYTES);

Bytes secretbox_seal(const Secret& message, BytesView nonce, const Secret& key) {
  internal::start_sodium();
  Bytes box(crypto_secretbox_MACBYTES + message.size());
  crypto_secretbox_easy(box.data(), message.reveal_bytes().data(), message.size(), nonce.data(),
                        key.reveal_bytes().data());
  return box;
}

Result<Secret> secretbox_open(BytesView box, BytesView nonce, const Secret& key) {
  internal::start_sodium();
  const auto refused = [] { return fail(Code::wrong_password, "the password does not open it"); };
  if (box.size() < crypto_secretbox_MACBYTES) return refused();
  Secret message = Secret::of_size(box.size() - crypto_secretbox_MACBYTES);
  if (crypto_secretbox_open_easy(message.writable().data(), box.data(), box.size(), nonce.data(),
                                 key.reveal_bytes().data()) != 0)
    return refused();
  return message;
}

}  // namespace sigstore::crypto
