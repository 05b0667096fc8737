#include "sigstore/keys/pkcs11/internal/material.h"

#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/printable.h"

namespace sigstore::keys::internal {
namespace der = codec::der;
namespace json = codec::json;
namespace {

constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1", ec_public_key = "1.2.840.10045.2.1";
// SHA-256, SHA-384 and SHA-512, in the order of crypto::HashAlgorithm.
constexpr std::array<std::string_view, 3> hash_oids = {"2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2",
                                                       "2.16.840.1.101.3.4.2.3"};

std::unexpected<Error> nonsense(std::string why) {
  return fail(Code::malformed, "the token gives out a public key that is none", std::move(why));
}

Result<Bytes> bytes(const json::Object& object, std::string_view key) {
  TRY(const auto text, json::optional_string(object, key, "cosign-pkcs11"));
  return codec::hex::decode(text);
}

Bytes spki(const std::vector<Bytes>& algorithm, BytesView key) {
  return der::encode(der::sequence, {der::encode(der::sequence, algorithm), der::encode_bit_string(key)});
}

// The point as PKCS#11 wants it, in an OCTET STRING; some leave it bare.
BytesView point_in(BytesView attribute) {
  der::Reader reader(attribute);
  const auto wrapped = reader.expect(der::octet_string);
  return wrapped && reader.empty() ? wrapped->content : attribute;
}

Result<Bytes> spki_of_ec(const json::Object& answer) {
  TRY(const Bytes parameters, bytes(answer, "ecParameters"));
  TRY(const Bytes point, bytes(answer, "ecPoint"));
  return spki({der::encode_oid(ec_public_key), parameters}, point_in(point));
}

Result<Bytes> spki_of_rsa(const json::Object& answer) {
  TRY(const Bytes modulus, bytes(answer, "modulus"));
  TRY(const Bytes exponent, bytes(answer, "exponent"));
  const Bytes key =
      der::encode(der::sequence, {der::encode_unsigned(modulus), der::encode_unsigned(exponent)});
  return spki({der::encode_oid(rsa_encryption), der::encode(der::null, BytesView())}, key);
}

// Certificate, tbsCertificate: version, serial number, algorithm, issuer, validity, subject, key (RFC 5280).
Result<Bytes> spki_in_certificate(BytesView certificate) {
  constexpr std::uint8_t version = 0xa0;
  constexpr int before_key = 5;
  der::Reader outer(certificate);
  TRY(auto whole, outer.enter(der::sequence));
  TRY(auto tbs, whole.enter(der::sequence));
  if (tbs.peek() == version) TRY_OK(tbs.next());
  for (int i = 0; i < before_key; ++i) TRY_OK(tbs.next());
  TRY(const auto key, tbs.expect(der::sequence));
  return Bytes(key.whole.begin(), key.whole.end());
}

bool given(const json::Object& answer, std::string_view key) {
  const json::Value* found = answer.find(key);
  return found != nullptr && found->string() != nullptr && !found->string()->empty();
}

Result<Bytes> spki_in(const json::Object& answer) {
  if (given(answer, "ecParameters") && given(answer, "ecPoint")) return spki_of_ec(answer);
  if (given(answer, "modulus")) return spki_of_rsa(answer);
  if (given(answer, "info")) return bytes(answer, "info");
  TRY(const Bytes certificate, bytes(answer, "certificate"));
  return spki_in_certificate(certificate);
}

std::size_t number_bytes(crypto::KeyType curve) {
  if (curve == crypto::KeyType::ecdsa_p256) return 32;
  return curve == crypto::KeyType::ecdsa_p384 ? 48 : 66;
}

bool is_rsa(crypto::Scheme scheme) {
  return scheme == crypto::Scheme::rsa_pkcs1_sha256 || scheme == crypto::Scheme::rsa_pkcs1_sha384 ||
         scheme == crypto::Scheme::rsa_pkcs1_sha512;
}

// RFC 8017 section 9.2: what CKM_RSA_PKCS pads.
Bytes digest_info(crypto::HashAlgorithm algorithm, BytesView digest) {
  const auto oid = hash_oids.at(static_cast<std::size_t>(algorithm));
  const Bytes identifier =
      der::encode(der::sequence, {der::encode_oid(oid), der::encode(der::null, BytesView())});
  return der::encode(der::sequence, {identifier, der::encode(der::octet_string, digest)});
}

}  // namespace

Result<crypto::PublicKey> public_key_of(const json::Object& answer) {
  const json::Value* material = answer.find("publicKey");
  if (material == nullptr || material->object() == nullptr) return nonsense("the answer has none");
  const auto encoded = spki_in(*material->object());
  if (!encoded) return nonsense(encoded.error().text());
  auto key = crypto::PublicKey::from_spki(*encoded);
  if (!key && key.error().code == Code::unsupported)
    return fail(Code::unsupported, "the key in the token is of a kind that is not used here",
                key.error().text(),
                "use an ECDSA key (P-256, P-384, P-521), or an RSA key of 2048 bits or more");
  if (!key) return nonsense(key.error().text());
  if (key->type() == crypto::KeyType::ed25519)
    return fail(Code::unsupported, "Ed25519 keys in tokens are not used here", {},
                "use an ECDSA key (P-256, P-384, P-521) or an RSA key");
  return key;
}

Result<ToSign> to_sign(crypto::KeyType type, crypto::Scheme scheme, BytesView digest) {
  const bool pure = scheme == crypto::Scheme::ed25519 || scheme == crypto::Scheme::ed25519ph;
  if (pure || is_rsa(scheme) != (type == crypto::KeyType::rsa))
    return fail(Code::invalid_argument, "a key of type " + std::string(crypto::name(type)) +
                                            " does not use " + std::string(crypto::name(scheme)));
  const auto algorithm = crypto::digest_of(scheme);
  if (digest.size() != crypto::size_of(algorithm))
    return fail(Code::invalid_argument,
                "a digest for " + std::string(crypto::name(scheme)) + " has the wrong length");
  if (is_rsa(scheme)) return ToSign{"rsa-pkcs1", digest_info(algorithm, digest)};
  const auto leftmost =
      digest.first(std::min(digest.size(), number_bytes(type)));  // FIPS 186-5 section 6.4.1
  return ToSign{"ecdsa", Bytes(leftmost.begin(), leftmost.end())};
}

Result<Bytes> signature_of(crypto::KeyType type, BytesView raw) {
  if (type == crypto::KeyType::rsa) return Bytes(raw.begin(), raw.end());
  const std::size_t half = number_bytes(type);
  if (raw.size() != 2 * half)
    return fail(Code::malformed, "the token made a signature that is none",
                std::to_string(raw.size()) + " bytes in place of " + std::to_string(2 * half));
  return der::encode(der::sequence,
                     {der::encode_unsigned(raw.first(half)), der::encode_unsigned(raw.last(half))});
}

}  // namespace sigstore::keys::internal
