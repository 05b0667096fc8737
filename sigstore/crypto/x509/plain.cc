#include "sigstore/crypto/x509/internal/plain.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/fulcio.h"
#include "sigstore/crypto/x509/signature_algorithm.h"

namespace sigstore::crypto::x509::internal {
namespace {

namespace der = codec::der;

constexpr std::string_view key_id = "2.5.29.14", issuer_key_id = "2.5.29.35", alternative_names = "2.5.29.17";
// What our reader or OpenSSL's rules look into, and what nobody does: SCTs and Fulcio's own.
constexpr std::array<std::string_view, 7> known = {
    key_id,      issuer_key_id, alternative_names,        "2.5.29.15",
    "2.5.29.19", "2.5.29.37",   "1.3.6.1.4.1.11129.2.4.2"};

bool same(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

// Of ECDSA alone: the AlgorithmIdentifier, whole.
std::optional<Scheme> scheme_of(BytesView algorithm) {
  for (const Scheme scheme : {Scheme::ecdsa_sha256, Scheme::ecdsa_sha384, Scheme::ecdsa_sha512})
    if (const auto known = algorithm_identifier(scheme); known && same(algorithm, *known)) return scheme;
  return std::nullopt;
}

bool has(const std::vector<Scheme>& schemes, Scheme scheme) {
  return std::ranges::find(schemes, scheme) != schemes.end();
}

bool is_ec(const PublicKey& key) {
  return key.type() != KeyType::rsa && key.type() != KeyType::ed25519;
}

// The whole content of an OCTET STRING; nullopt for anything else.
std::optional<BytesView> octets(BytesView value) {
  der::Reader in(value);
  const auto element = in.expect(der::octet_string);
  if (!element || !in.empty()) return std::nullopt;
  return element->content;
}

// keyIdentifier of AuthorityKeyIdentifier, where nothing else stands in it.
std::optional<BytesView> only_key_id(BytesView value) {
  constexpr std::uint8_t key_identifier = 0x80;
  der::Reader in(value);
  auto fields = in.enter(der::sequence);
  if (!fields || !in.empty()) return std::nullopt;
  const auto element = fields->expect(key_identifier);
  if (!element || !fields->empty()) return std::nullopt;
  return element->content;
}

// Our reader leaves names of some kinds out.
bool all_names_are_read(const Certificate& certificate, BytesView value) {
  der::Reader in(value);
  auto list = in.enter(der::sequence);
  std::size_t count = 0;
  for (; list && !list->empty(); ++count)
    if (!list->next()) return false;
  return count == certificate.names().size();
}

bool is_plain(const Certificate& certificate, const Extension& extension) {
  if (extension.oid == key_id) return octets(extension.value).has_value();
  if (extension.oid == issuer_key_id) return only_key_id(extension.value).has_value();
  if (extension.oid == alternative_names) return all_names_are_read(certificate, extension.value);
  return extension.oid.starts_with(fulcio::prefix) || std::ranges::find(known, extension.oid) != known.end();
}

bool is_plain(const Certificate& certificate) {
  const auto key = certificate.public_key();
  return key && is_ec(*key) && (certificate.is_ca() || !certificate.path_length()) &&
         std::ranges::all_of(certificate.extensions(),
                             [&](const Extension& one) { return is_plain(certificate, one); });
}

// Where both say which key it is, they agree.
bool key_ids_fit(const Certificate& certificate, const Certificate& issuer) {
  const auto* named = certificate.extension(issuer_key_id);
  const auto* own = issuer.extension(key_id);
  if (named == nullptr || own == nullptr) return true;
  const auto said = only_key_id(named->value), is = octets(own->value);
  return said && is && same(*said, *is);
}

bool is_plain_link(const Certificate& certificate, const Certificate& issuer) {
  return scheme_of(certificate.algorithm()) && same(certificate.issuer_name(), issuer.subject_name()) &&
         key_ids_fit(certificate, issuer);
}

// An authority, with so many between it and the leaf.
bool may_have_below(const Certificate& authority, std::size_t count) {
  const auto& usage = authority.key_usage();
  return authority.is_ca() && (!usage || usage->key_cert_sign) &&
         (!authority.path_length() || count <= *authority.path_length());
}

}  // namespace

std::optional<bool> plainly_signed(const Certificate& certificate, const Certificate& issuer) {
  const auto scheme = scheme_of(certificate.algorithm());
  const auto key = issuer.public_key();
  if (!scheme || !key || !is_ec(*key) || !has(key->schemes(), *scheme)) return std::nullopt;
  return key->verify(*scheme, certificate.tbs(), certificate.signature()).has_value();
}

bool is_plain_path(std::span<const Certificate* const> path) {
  if (path.size() < 2) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Certificate& one = *path[i];
    if (!is_plain(one) || (i > 0 && !may_have_below(one, i - 1))) return false;
    if (i + 1 < path.size() && (one.self_issued() || !is_plain_link(one, *path[i + 1]))) return false;
  }
  return true;
}

}  // namespace sigstore::crypto::x509::internal
