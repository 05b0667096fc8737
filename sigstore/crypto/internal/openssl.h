// OpenSSL's objects with owners, and its start. The only header that lets OpenSSL's types be seen.
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "sigstore/crypto/hash.h"

namespace sigstore::crypto::internal {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};

using PKeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using PKeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

// Starts libcrypto without its configuration file: no file is read, no engine or provider is loaded.
// Everything in this room that uses OpenSSL calls it first. Cheap after the first call.
void start_openssl();

// Fetched once per process.
const EVP_MD* digest_method(HashAlgorithm algorithm);

// The reason of the newest entry in this thread's error queue, which is emptied. Never secret.
std::string openssl_reason();
[[nodiscard]] std::unexpected<Error> openssl_failed(Code code, std::string message);

// Starts libsodium: picks its fastest routines for this processor. Cheap after the first call.
void start_sodium();

}  // namespace sigstore::crypto::internal
