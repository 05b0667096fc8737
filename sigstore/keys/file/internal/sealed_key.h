// The encrypted key file as values: reading its form is cheap, opening it costs a scrypt.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/crypto/secretbox.h"

namespace sigstore::keys::internal {

struct SealedKey {
  crypto::ScryptCost cost;
  Bytes salt;
  Bytes nonce;       // 24 bytes
  Bytes ciphertext;  // at least the tag
  friend bool operator==(const SealedKey&, const SealedKey&) = default;
};

// Errors as open_private_key() gives them, but for Code::wrong_password.
Result<SealedKey> parse_sealed_key(std::string_view pem, std::string_view what);
std::string write_sealed_key(const SealedKey& key);

// Code::wrong_password.
Result<Secret> unseal(const SealedKey& key, const Secret& password, std::string_view what);

}  // namespace sigstore::keys::internal
