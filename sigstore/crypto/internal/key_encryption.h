// How a PEM private key is encrypted: PBES2 (RFC 8018, RFC 7914), or the headers of RFC 1421 as openssl uses
// them. Reading the form is cheap and bounds what opening costs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/crypto/secretbox.h"

namespace sigstore::crypto::internal {

struct Pbkdf2 {
  const char* digest = "SHA1";  // of its HMAC, as libcrypto names it
  std::uint64_t iterations = 0;
  friend bool operator==(const Pbkdf2&, const Pbkdf2&) = default;
};
struct Md5Chain {  // EVP_BytesToKey with one iteration
  friend bool operator==(const Md5Chain&, const Md5Chain&) = default;
};

struct BlockCipher {
  const char* name = nullptr;  // as libcrypto names it: "AES-256-CBC"
  std::size_t key_size = 0;
  std::size_t block_size = 0;  // also of its IV
};

struct KeyEncryption {
  std::variant<Pbkdf2, ScryptCost, Md5Chain> derivation;
  Bytes salt;
  const BlockCipher* cipher = nullptr;
  Bytes iv;
};

// An EncryptedPrivateKeyInfo: how it is encrypted, and what. Code::malformed, Code::unsupported.
Result<std::pair<KeyEncryption, BytesView>> parse_encrypted_pkcs8(BytesView der);

// The value of DEK-Info. Code::malformed, Code::unsupported.
Result<KeyEncryption> parse_dek_info(std::string_view value);

// Code::wrong_password when the padding shows it; by chance it may not, and the result is noise.
// Code::malformed for a ciphertext of no whole blocks.
Result<Secret> decrypt(const KeyEncryption& how, BytesView ciphertext, const Secret& password);

}  // namespace sigstore::crypto::internal
