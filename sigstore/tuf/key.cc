#include "sigstore/tuf/key.h"

#include <array>
#include <set>

#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/olpc_json.h"
#include "sigstore/codec/printable.h"
#include "sigstore/tuf/internal/verifier.h"

namespace sigstore::tuf {
namespace {

namespace der = codec::der;
namespace json = codec::json;
using crypto::KeyType;
using crypto::Scheme;

// What securesystemslib knows. The second spelling of a type is how it was written before.
struct Known {
  std::string_view type, old_type, scheme;
  KeyType key;
  Scheme signs;
};
constexpr std::array<Known, 10> known = {{
    {"ed25519", "ed25519", "ed25519", KeyType::ed25519, Scheme::ed25519},
    {"ecdsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", KeyType::ecdsa_p256, Scheme::ecdsa_sha256},
    {"ecdsa", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", KeyType::ecdsa_p384, Scheme::ecdsa_sha384},
    {"ecdsa", "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", KeyType::ecdsa_p521, Scheme::ecdsa_sha512},
    {"rsa", "rsa", "rsassa-pss-sha256", KeyType::rsa, Scheme::rsa_pss_sha256},
    {"rsa", "rsa", "rsassa-pss-sha384", KeyType::rsa, Scheme::rsa_pss_sha384},
    {"rsa", "rsa", "rsassa-pss-sha512", KeyType::rsa, Scheme::rsa_pss_sha512},
    {"rsa", "rsa", "rsa-pkcs1v15-sha256", KeyType::rsa, Scheme::rsa_pkcs1_sha256},
    {"rsa", "rsa", "rsa-pkcs1v15-sha384", KeyType::rsa, Scheme::rsa_pkcs1_sha384},
    {"rsa", "rsa", "rsa-pkcs1v15-sha512", KeyType::rsa, Scheme::rsa_pkcs1_sha512},
}};

Result<const Known*> known_of(const Key& key) {
  for (const auto& row : known) {
    if (row.scheme == key.scheme && (row.type == key.type || row.old_type == key.type)) return &row;
  }
  return fail(Code::unsupported, "no TUF key of this kind is known",
              "its type is " + codec::printable(key.type).substr(0, 64) + ", and its scheme " +
                  codec::printable(key.scheme).substr(0, 64));
}

Bytes spki(const Bytes& algorithm, BytesView key) {
  return der::encode(der::sequence, {algorithm, der::encode_bit_string(key)});
}

// Ed25519 keys are written so, and P-256 was by go-tuf (the first roots of Sigstore).
Result<crypto::PublicKey> open_hex(const Known& row, const std::string& text) {
  TRY(const auto point, codec::hex::decode(text));
  if (row.key == KeyType::ed25519)
    return crypto::PublicKey::from_spki(
        spki(der::encode(der::sequence, BytesView(der::encode_oid("1.3.101.112"))), point));
  const Bytes curve = der::encode(
      der::sequence, {der::encode_oid("1.2.840.10045.2.1"), der::encode_oid("1.2.840.10045.3.1.7")});
  return crypto::PublicKey::from_spki(spki(curve, point));
}

Result<crypto::PublicKey> open_value(const Known& row, const std::string& text) {
  const bool hex = row.key == KeyType::ed25519 ||
                   (row.key == KeyType::ecdsa_p256 && text.find("-----") == std::string::npos);
  return hex ? open_hex(row, text) : crypto::PublicKey::from_pem(text, "the key");
}

json::Object key_object(const Key& key) {
  return {{"keytype", key.type}, {"scheme", key.scheme}, {"keyval", json::Object{{"public", key.value}}}};
}

}  // namespace

namespace internal {

Result<Opened> open(const Key& key) {
  TRY(const auto* row, known_of(key));
  auto opened = open_value(*row, key.value);
  if (!opened) return fail(Code::malformed, "not a key of the type " + key.type, opened.error().text());
  if (opened->type() != row->key)
    return fail(Code::malformed, "not a key of the type " + key.type,
                "it is one of " + std::string(crypto::name(opened->type())));
  return Opened{std::move(*opened), row->signs};
}

const Opened* Verifier::opened(const Key& key) {
  auto [at, is_new] = keys_.try_emplace(KeyName(key.type, key.scheme, key.value));
  if (is_new) {
    if (auto result = open(key)) at->second = std::move(*result);
  }
  return at->second ? &*at->second : nullptr;
}

bool Verifier::verified(const Opened& by, std::string_view signed_bytes, const Bytes& digest,
                        const Bytes& signature) {
  const auto [at, is_new] =
      answers_.try_emplace(Question(by.key.spki(), by.scheme, digest, signature), false);
  if (is_new) at->second = by.key.verify(by.scheme, as_bytes(signed_bytes), signature).has_value();
  return at->second;
}

Result<void> Verifier::threshold(const Role& role, const Keys& keys, std::string_view signed_bytes,
                                 const std::vector<Signature>& signatures, std::string_view what) {
  std::map<std::string_view, const Signature*> by_id;
  for (const auto& signature : signatures) by_id.emplace(signature.key_id, &signature);
  const Bytes digest = crypto::sha256(as_bytes(signed_bytes));
  std::set<Bytes> signers;  // SPKI: a key is one, whatever ids it has
  for (const auto& id : role.key_ids) {
    if (signers.size() >= role.threshold) break;
    const auto key = keys.find(id);
    const auto signature = by_id.find(id);
    if (key == keys.end() || signature == by_id.end() || signature->second->signature.empty()) continue;
    const Opened* by = opened(key->second);
    if (by == nullptr || signers.contains(by->key.spki())) continue;
    if (verified(*by, signed_bytes, digest, signature->second->signature)) signers.insert(by->key.spki());
  }
  if (role.threshold > 0 && signers.size() >= role.threshold) return {};
  return fail(
      Code::bad_signature, std::string(what) + " is not signed by enough of its keys",
      std::to_string(signers.size()) + " of " + std::to_string(role.threshold) + " signatures are good");
}

}  // namespace internal

Result<crypto::PublicKey> open_key(const Key& key) {
  TRY(auto opened, internal::open(key));
  return std::move(opened.key);
}

Result<crypto::Scheme> scheme_of(const Key& key) {
  TRY(const auto* row, known_of(key));
  return row->signs;
}

Result<Key> describe_key(const crypto::PublicKey& key) {
  switch (key.type()) {
    case KeyType::ecdsa_p256:
      return Key{"ecdsa", "ecdsa-sha2-nistp256", key.pem()};
    case KeyType::ecdsa_p384:
      return Key{"ecdsa", "ecdsa-sha2-nistp384", key.pem()};
    case KeyType::rsa:
      return Key{"rsa", "rsassa-pss-sha256", key.pem()};
    case KeyType::ed25519:
      return Key{"ed25519", "ed25519", codec::hex::encode(BytesView(key.spki()).last(32))};
    case KeyType::ecdsa_p521:
      break;
  }
  return fail(Code::unsupported,
              "TUF has no scheme for a key of type " + std::string(crypto::name(key.type())), {},
              "use a key of ECDSA P-256 or P-384, Ed25519 or RSA");
}

std::string key_id(const Key& key) {
  const auto canonical = json::write_olpc(key_object(key));
  return codec::hex::encode(crypto::sha256(as_bytes(canonical.value_or(std::string()))));
}

Result<Signature> sign(crypto::Signer& signer, std::string_view to_sign) {
  TRY(const auto key, describe_key(signer.public_key()));
  TRY(const auto scheme, scheme_of(key));
  TRY(auto signature, signer.sign(scheme, as_bytes(to_sign)));
  return Signature{key_id(key), std::move(signature)};
}

Result<void> verify_threshold(const Role& role, const Keys& keys, std::string_view signed_bytes,
                              const std::vector<Signature>& signatures, std::string_view what) {
  return internal::Verifier().threshold(role, keys, signed_bytes, signatures, what);
}

}  // namespace sigstore::tuf
