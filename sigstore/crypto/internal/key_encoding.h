// Keys as DER: SubjectPublicKeyInfo (RFC 5280 4.1.2.7, RFC 5480, RFC 8410), PKCS#1 (RFC 8017 A.1), SEC1 (RFC
// 5915) and PKCS#8 (RFC 5958). Form only: whether a point is on its curve, or a number is prime, is not
// looked at here.
#pragma once

#include <variant>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/crypto/key.h"

namespace sigstore::crypto::internal {

struct EcPublic {
  KeyType type = KeyType::ecdsa_p256;
  BytesView point;  // uncompressed: 04 || X || Y, of the curve's length
};
struct RsaPublic {
  BytesView n, e;  // big-endian, without leading zeros; within the bounds of PublicKey::from_pem
};
struct Ed25519Public {
  BytesView point;  // 32 bytes
};
using PublicParts = std::variant<EcPublic, RsaPublic, Ed25519Public>;

struct EcPrivate {
  KeyType type = KeyType::ecdsa_p256;
  BytesView scalar;  // not longer than the curve's coordinates
  BytesView point;   // empty when the key does not carry its public half
};
struct RsaPrivate {
  RsaPublic pub;
  BytesView d, p, q, dp, dq, qinv;
};
struct Ed25519Private {
  BytesView seed;  // 32 bytes
};
using PrivateParts = std::variant<EcPrivate, RsaPrivate, Ed25519Private>;

// The views point into `der`. Code::malformed; Code::unsupported for other algorithms, curves and sizes.
Result<PublicParts> parse_spki(BytesView der);
Result<PrivateParts> parse_pkcs8(BytesView der);
// RFC 5915. `parameters` is what names the curve where the key does not: may be empty.
Result<PrivateParts> parse_sec1(BytesView der, BytesView parameters);
Result<PrivateParts> parse_pkcs1(BytesView der);

// A PKCS#1 RSAPublicKey as SubjectPublicKeyInfo. Code::malformed when it is none.
Result<Bytes> spki_of_pkcs1(BytesView der);
Bytes encode_spki(const PublicParts& parts);
Secret encode_pkcs8(const Ed25519Private& parts);

std::size_t bits_of(BytesView magnitude);  // not empty, without leading zeros
std::size_t field_size(KeyType curve);  // bytes of a coordinate: 32, 48, 66

}  // namespace sigstore::crypto::internal
