// Making a trusted root of keys and certificates.
#include <algorithm>

#include "sigstore/codec/der.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/trust/trusted_root.h"

namespace sigstore::trust {

namespace der = codec::der;
using crypto::KeyType;

namespace {

// The content of a SubjectPublicKeyInfo's bit string.
Result<BytesView> subject_public_key(const crypto::PublicKey& key) {
  der::Reader outer(key.spki());
  TRY(auto fields, outer.enter(der::sequence));
  TRY_OK(fields.expect(der::sequence));
  TRY(const auto bits, fields.expect(der::bit_string));
  return der::read_bit_string(bits.content);
}

Result<std::size_t> rsa_bits(const crypto::PublicKey& key) {
  TRY(const auto bits, subject_public_key(key));
  der::Reader outer(bits);
  TRY(auto fields, outer.enter(der::sequence));
  TRY(const auto modulus, fields.expect(der::integer));
  TRY(const auto magnitude, der::read_unsigned(modulus.content));
  return magnitude.size() * 8;  // as Go counts: whole bytes
}

// Values of the name's attributes of one type (2.5.4.x), in its order. What is no text is passed over.
std::vector<std::string> attributes(BytesView name, std::string_view type) {
  std::vector<std::string> out;
  der::Reader outer(name);
  auto sets = outer.enter(der::sequence);
  while (sets && !sets->empty()) {
    auto set = sets->enter(der::set);
    while (set && !set->empty()) {
      auto pair = set->enter(der::sequence);
      if (!pair) return out;
      const auto oid = pair->expect(der::oid);
      const auto value = pair->next();
      if (!oid || !value) return out;
      const std::string text(as_text(value->content));
      const bool is_text = value->tag == der::utf8_string || value->tag == der::printable_string ||
                           value->tag == der::ia5_string;
      if (der::read_oid(oid->content).value_or("") == type && is_text && codec::json::is_utf8(text))
        out.push_back(text);
    }
    if (!set) return out;
  }
  return out;
}

template <typename Party>
void sort_list(std::vector<Party>& parties) {
  std::ranges::stable_sort(parties, {},
                           [](const Party& party) { return party.valid.start.value_or(Time{}); });
}

}  // namespace

Result<std::string> key_details_of(const crypto::PublicKey& key) {
  switch (key.type()) {
    case KeyType::ecdsa_p256:
      return "PKIX_ECDSA_P256_SHA_256";
    case KeyType::ecdsa_p384:
      return "PKIX_ECDSA_P384_SHA_384";
    case KeyType::ecdsa_p521:
      return "PKIX_ECDSA_P521_SHA_512";
    case KeyType::ed25519:
      return "PKIX_ED25519";
    case KeyType::rsa:
      break;
  }
  TRY(const auto bits, rsa_bits(key));
  if (bits == 2048 || bits == 3072 || bits == 4096)
    return "PKIX_RSA_PKCS1V15_" + std::to_string(bits) + "_SHA256";
  return fail(Code::unsupported, "a trusted root has no name for this key",
              "RSA of " + std::to_string(bits) + " bits; 2048, 3072 and 4096 have one");
}

Result<Log> list_log(const crypto::PublicKey& key, std::string base_url, TimeRange valid) {
  Log out;
  TRY(out.key_details, key_details_of(key));
  out.base_url = std::move(base_url);
  out.raw_key = key.spki();
  out.valid = valid;
  out.log_id = crypto::sha256(key.spki());
  return out;
}

CertificateAuthority list_authority(std::vector<crypto::x509::Certificate> chain, std::string uri,
                                    TimeRange valid) {
  CertificateAuthority out;
  const auto organizations = attributes(chain.back().subject_name(), "2.5.4.10");
  const auto names = attributes(chain.back().subject_name(), "2.5.4.3");
  if (!organizations.empty()) out.organization = organizations.front();
  if (!names.empty()) out.common_name = names.back();
  out.uri = std::move(uri);
  out.chain = std::move(chain);
  out.valid = valid;
  return out;
}

void sort_by_start(TrustedRoot& root) {
  sort_list(root.tlogs);
  sort_list(root.certificate_authorities);
  sort_list(root.ctlogs);
  sort_list(root.timestamp_authorities);
}

}  // namespace sigstore::trust
