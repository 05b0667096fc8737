// What a token says, as what is used here: a public key of its attributes, a signature in its form.
#pragma once

#include "sigstore/codec/json.h"
#include "sigstore/crypto/key.h"

namespace sigstore::keys::internal {

// The "publicKey" of the helper's answer. Code::malformed, Code::unsupported.
Result<crypto::PublicKey> public_key_of(const codec::json::Object& answer);

// What a token is given to sign.
struct ToSign {
  std::string mechanism;  // "ecdsa", "rsa-pkcs1"
  Bytes data;
};
// Code::invalid_argument when the scheme is not for the key, or the digest not of the scheme.
Result<ToSign> to_sign(crypto::KeyType type, crypto::Scheme scheme, BytesView digest);
// What the token made of it, in the form of crypto::Signer. Code::malformed.
Result<Bytes> signature_of(crypto::KeyType type, BytesView raw);

}  // namespace sigstore::keys::internal
