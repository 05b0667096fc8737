#include <algorithm>

#include "sigstore/codec/der.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::trust {

namespace der = codec::der;

namespace {

// SubjectPublicKeyInfo of an RSAPublicKey (RFC 8017, A.1.1).
Bytes spki_of_pkcs1(const Bytes& key) {
  const auto algorithm = der::encode(
      der::sequence, {der::encode_oid("1.2.840.113549.1.1.1"), der::encode(der::null, BytesView())});
  return der::encode(der::sequence, {algorithm, der::encode_bit_string(key)});
}

// The type of key that the details speak of; nullopt: of none that is known here.
std::optional<crypto::KeyType> type_of(std::string_view details) {
  if (details.starts_with("PKIX_ECDSA_P256_")) return crypto::KeyType::ecdsa_p256;
  if (details.starts_with("PKIX_ECDSA_P384_")) return crypto::KeyType::ecdsa_p384;
  if (details.starts_with("PKIX_ECDSA_P521_")) return crypto::KeyType::ecdsa_p521;
  if (details.starts_with("PKIX_ED25519")) return crypto::KeyType::ed25519;
  if (details.starts_with("PKIX_RSA_PKCS1V") || details == "PKCS1_RSA_PKCS1V5") return crypto::KeyType::rsa;
  return std::nullopt;
}

}  // namespace

Result<crypto::PublicKey> Log::key() const {
  const auto type = type_of(key_details);
  if (!type) {
    return fail(Code::unsupported, "the key of the log " + base_url + " is of a kind that is not supported",
                key_details.empty() ? "it has no keyDetails" : "its keyDetails are " + key_details);
  }
  const bool bare = key_details.starts_with("PKCS1_");
  auto out = crypto::PublicKey::from_spki(bare ? spki_of_pkcs1(raw_key) : raw_key);
  if (!out) return fail(out.error().wrap("the key of the log " + base_url + " cannot be used"));
  if (out->type() == *type) return out;
  return fail(Code::malformed, "the key of the log " + base_url + " is not of the kind that is listed",
              "it is " + std::string(name(out->type())) + ", and its keyDetails are " + key_details);
}

Result<std::string> Log::origin() const {
  std::string_view rest = base_url;
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos) {
    rest.remove_prefix(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    rest.remove_prefix(rest.rfind('@') + 1);  // npos + 1 is 0
    const bool address = rest.starts_with('[');
    const auto end = address ? rest.find(']') : rest.find(':');
    if (!address) rest = rest.substr(0, end);
    if (address) rest = end == std::string_view::npos ? std::string_view() : rest.substr(1, end - 1);
    if (!rest.empty()) return std::string(rest);
  }
  return fail(Code::malformed, "the log has no origin", "its baseUrl \"" + base_url + "\" names no host");
}

}  // namespace sigstore::trust
