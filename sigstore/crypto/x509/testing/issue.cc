#include "sigstore/crypto/x509/testing/issue.h"

#include <cstdlib>

#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/signature_algorithm.h"

namespace sigstore::crypto::x509::testing {

namespace der = codec::der;

namespace {

constexpr std::uint8_t utc_time_tag = 0x17, generalized_time_tag = 0x18, version_tag = 0xA0,
                       extensions_tag = 0xA3;

Bytes algorithm(const PublicKey& key) {
  return algorithm_identifier(key.schemes().front()).value();
}

Bytes time(std::string_view text) {
  return der::encode(text.size() == 13 ? utc_time_tag : generalized_time_tag, as_bytes(text));
}

}  // namespace

Bytes common_name(std::string_view text) {
  if (text.empty()) return der::encode(der::sequence, BytesView());
  const Bytes pair =
      der::encode(der::sequence, {der::encode_oid("2.5.4.3"), der::encode(der::utf8_string, as_bytes(text))});
  return der::encode(der::sequence, BytesView(der::encode(der::set, BytesView(pair))));
}

Bytes utc_time(std::string_view text) {
  return time(text);
}

Bytes general_name(std::uint8_t tag, std::string_view text) {
  return der::encode(tag, as_bytes(text));
}

Bytes extension(std::string_view oid, bool critical, const Bytes& value) {
  std::vector<Bytes> parts = {der::encode_oid(oid)};
  if (critical) parts.push_back(der::encode(der::boolean, BytesView(Bytes{0xFF})));
  parts.push_back(der::encode(der::octet_string, BytesView(value)));
  return der::encode(der::sequence, parts);
}

Bytes ca_constraints(bool ca, std::optional<std::uint8_t> path_length) {
  std::vector<Bytes> parts;
  if (ca) parts.push_back(der::encode(der::boolean, BytesView(Bytes{0xFF})));
  if (path_length) parts.push_back(der::encode_unsigned(Bytes{*path_length}));
  return extension("2.5.29.19", true, der::encode(der::sequence, parts));
}

Bytes key_usage(std::uint8_t bits) {
  std::uint8_t unused = 0;
  while (unused < 7 && (bits >> unused & 1) == 0) ++unused;
  return extension("2.5.29.15", true, der::encode(der::bit_string, BytesView(Bytes{unused, bits})));
}

Bytes extended_key_usage(const std::vector<std::string>& oids, bool critical) {
  std::vector<Bytes> parts;
  for (const auto& oid : oids) parts.push_back(der::encode_oid(oid));
  return extension("2.5.29.37", critical, der::encode(der::sequence, parts));
}

Bytes alternative_names(const std::vector<Bytes>& names, bool critical) {
  return extension("2.5.29.17", critical, der::encode(der::sequence, names));
}

Bytes tbs(const Spec& spec, const PublicKey& key, const PublicKey& issuer_key) {
  std::vector<Bytes> parts = {der::encode(version_tag, BytesView(der::encode_unsigned(Bytes{2}))),
                              der::encode_unsigned(Bytes{0x2A}),
                              algorithm(issuer_key),
                              common_name(spec.issuer),
                              der::encode(der::sequence, {time(spec.from), time(spec.until)}),
                              common_name(spec.subject),
                              key.spki()};
  if (!spec.extensions.empty())
    parts.push_back(der::encode(extensions_tag, BytesView(der::encode(der::sequence, spec.extensions))));
  return der::encode(der::sequence, parts);
}

Bytes sign(const Bytes& tbs, PrivateKey& issuer_key) {
  const auto signature = issuer_key.sign(issuer_key.public_key().schemes().front(), tbs);
  if (!signature) std::abort();
  return der::encode(der::sequence,
                     {tbs, algorithm(issuer_key.public_key()), der::encode_bit_string(*signature)});
}

Certificate issue(const Spec& spec, const PublicKey& key, PrivateKey& issuer_key) {
  auto certificate = Certificate::parse(sign(tbs(spec, key, issuer_key.public_key()), issuer_key));
  if (!certificate) std::abort();
  return std::move(*certificate);
}

Spec ca(std::string issuer, std::string subject) {
  return {.issuer = std::move(issuer),
          .subject = std::move(subject),
          .extensions = {ca_constraints(true), key_usage(0x04)}};
}

Spec code_signer(std::string issuer) {
  return {.issuer = std::move(issuer),
          .subject = "",
          .extensions = {key_usage(0x80), extended_key_usage({std::string(code_signing)}),
                         alternative_names({general_name(0x81, "jo@example.com")}, true)}};
}

Spec time_stamper(std::string issuer) {
  return {.issuer = std::move(issuer),
          .subject = "time",
          .extensions = {key_usage(0x80), extended_key_usage({std::string(time_stamping)}, true)}};
}

}  // namespace sigstore::crypto::x509::testing
