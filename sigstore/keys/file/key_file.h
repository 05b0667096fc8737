// cosign's encrypted private key file: PEM around JSON {kdf scrypt, cipher nacl/secretbox, ciphertext} around
// PKCS#8. See docs/formats/key-file.md.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"

namespace sigstore::keys {

inline constexpr std::string_view key_label = "ENCRYPTED SIGSTORE PRIVATE KEY";
inline constexpr std::string_view old_key_label = "ENCRYPTED COSIGN PRIVATE KEY";

// N = 65536, r = 8, p = 1; salt and nonce from `random`.
Result<std::string> seal_private_key(const Secret& pkcs8, const Secret& password, Random& random);

// Either label; N in {32768, 65536, 131072}, r = 8, p = 1. Code::wrong_password; Code::unsupported for other
// parameters and for unencrypted or foreign PEM (the hint says what to do); Code::mismatch for a public key;
// Code::malformed.
Result<Secret> open_private_key(std::string_view pem, const Secret& password, std::string_view what);

// Whether `pem` is an encrypted key at all, before anyone is asked for a password. The same errors.
Result<void> check_key_file(std::string_view pem, std::string_view what);

// The password for an existing key: COSIGN_PASSWORD (set but empty counts), a pipe, or the terminal; and, for
// a password that ended in one newline, both readings are tried. Then opens the key.
Result<crypto::PrivateKey> unlock(const Env& env, std::string_view pem, std::string_view what);

// The password for a new key: COSIGN_PASSWORD, a pipe (one trailing newline dropped) or the terminal, asked
// twice.
Result<Secret> new_password(const Env& env);

}  // namespace sigstore::keys
