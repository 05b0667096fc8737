#include "sigstore/authority/testing/keys.h"

#include "sigstore/codec/der.h"

namespace sigstore::authority::testing {
namespace {

namespace der = codec::der;
using crypto::KeyType;

// PKCS#8 (RFC 5958) of an ECPrivateKey (RFC 5915) without its public half.
Bytes ec_pkcs8(std::string_view curve, BytesView scalar) {
  const Bytes algorithm =
      der::encode(der::sequence, {der::encode_oid("1.2.840.10045.2.1"), der::encode_oid(curve)});
  const Bytes key = der::encode(
      der::sequence, {der::encode_unsigned(std::uint64_t{1}), der::encode(der::octet_string, scalar)});
  return der::encode(der::sequence, {der::encode_unsigned(std::uint64_t{0}), algorithm,
                                     der::encode(der::octet_string, BytesView(key))});
}

// RFC 8410.
Bytes ed25519_pkcs8(BytesView seed) {
  const Bytes algorithm = der::encode_oid("1.3.101.112");
  const Bytes key = der::encode(der::octet_string, seed);
  return der::encode(der::sequence, {der::encode_unsigned(std::uint64_t{0}),
                                     der::encode(der::sequence, BytesView(algorithm)),
                                     der::encode(der::octet_string, BytesView(key))});
}

Bytes pkcs8(KeyType type, std::string_view name) {
  const Bytes digest = crypto::hash(crypto::HashAlgorithm::sha512, as_bytes(name));
  const BytesView bytes(digest);
  switch (type) {
    case KeyType::ecdsa_p256:
      return ec_pkcs8("1.2.840.10045.3.1.7", bytes.first(31));
    case KeyType::ecdsa_p384:
      return ec_pkcs8("1.3.132.0.34", bytes.first(47));
    case KeyType::ecdsa_p521:
      return ec_pkcs8("1.3.132.0.35", bytes);
    case KeyType::ed25519:
    case KeyType::rsa:
      break;
  }
  return ed25519_pkcs8(bytes.first(32));
}

}  // namespace

crypto::PrivateKey key_named(KeyType type, std::string_view name) {
  if (type == KeyType::rsa) return crypto::PrivateKey::generate(type).value();
  return crypto::PrivateKey::from_pkcs8(Secret(BytesView(pkcs8(type, name)))).value();
}

}  // namespace sigstore::authority::testing
