// Keys that sign, and RSA's that verify, in OpenSSL's hands.
#pragma once

#include "sigstore/crypto/internal/key_encoding.h"
#include "sigstore/crypto/internal/openssl.h"

namespace sigstore::crypto::internal {

Result<PKeyPtr> make_public(const RsaPublic& key);

// The public half is computed; Code::malformed when it is not the one that the key carries, and for a scalar
// outside the group.
Result<PKeyPtr> make_private(const EcPrivate& key);
Result<PKeyPtr> make_private(const RsaPrivate& key);
Result<PKeyPtr> generate_evp(KeyType type);

// The public half as SubjectPublicKeyInfo.
Result<Bytes> spki_of(const EVP_PKEY& key, KeyType type);
Result<Secret> pkcs8_of(const EVP_PKEY& key);

bool evp_verify(const EVP_PKEY& key, Scheme scheme, BytesView digest, BytesView signature);
Result<Bytes> evp_sign(const EVP_PKEY& key, Scheme scheme, BytesView digest);

}  // namespace sigstore::crypto::internal
