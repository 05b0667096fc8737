#include "sigstore/authority/ca/extension.h"

#include <arpa/inet.h>

#include "sigstore/codec/der.h"

namespace sigstore::authority::ca {
namespace {

namespace der = codec::der;
using Kind = crypto::x509::GeneralName::Kind;

// Choices of GeneralName (RFC 5280 4.2.1.6).
constexpr unsigned other_name = 0, email_address = 1, dns_name = 2, uri = 6, ip_address = 7;
constexpr unsigned fulcio_user_name = 7;  // as otherName
constexpr unsigned last_raw_claim = 6;

Extension make(std::string_view oid, bool critical, Bytes value) {
  return {std::string(oid), critical, std::move(value)};
}

Bytes encode_ip(const std::string& text) {
  Bytes address(16);
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address.resize(4);
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ? address : to_bytes(text);
}

Bytes encode_other(std::string_view value) {
  const Bytes text = der::encode(der::utf8_string, as_bytes(value));
  return der::encode(der::context_constructed(other_name),
                     {der::encode_oid(fulcio_oid(fulcio_user_name)),
                      der::encode(der::context_constructed(0), BytesView(text))});
}

}  // namespace

Extension basic_constraints(bool ca, std::optional<unsigned> path_length, bool critical) {
  std::vector<Bytes> parts;
  if (ca) parts.push_back(der::encode_boolean(true));
  if (path_length) parts.push_back(der::encode_unsigned(std::uint64_t{*path_length}));
  return make(oid::basic_constraints, critical, der::encode(der::sequence, parts));
}

Extension key_usage(std::uint32_t bits, bool critical) {
  return make(oid::key_usage, critical, der::encode_named_bits(bits));
}

Extension extended_key_usage(const std::vector<std::string_view>& purposes, bool critical) {
  std::vector<Bytes> parts;
  for (const auto purpose : purposes) parts.push_back(der::encode_oid(purpose));
  return make(oid::extended_key_usage, critical, der::encode(der::sequence, parts));
}

Extension subject_key_id(BytesView key_id) {
  return make(oid::subject_key_id, false, der::encode(der::octet_string, key_id));
}

Extension authority_key_id(BytesView key_id) {
  const Bytes id = der::encode(der::context(0), key_id);
  return make(oid::authority_key_id, false, der::encode(der::sequence, BytesView(id)));
}

Bytes encode(const crypto::x509::GeneralName& name) {
  switch (name.kind) {
    case Kind::email:
      return der::encode(der::context(email_address), as_bytes(name.value));
    case Kind::dns:
      return der::encode(der::context(dns_name), as_bytes(name.value));
    case Kind::uri:
      return der::encode(der::context(uri), as_bytes(name.value));
    case Kind::ip:
      return der::encode(der::context(ip_address), BytesView(encode_ip(name.value)));
    case Kind::other:
      return encode_other(name.value);
  }
  return {};
}

Extension subject_alternative_name(const std::vector<Bytes>& names, bool critical) {
  return make(oid::subject_alternative_name, critical, der::encode(der::sequence, names));
}

Extension fulcio_claim(unsigned number, std::string_view value) {
  Bytes content = number <= last_raw_claim ? to_bytes(value) : der::encode(der::utf8_string, as_bytes(value));
  return make(fulcio_oid(number), false, std::move(content));
}

std::string fulcio_oid(unsigned number) {
  return std::string(oid::fulcio) + "." + std::to_string(number);
}

Extension precertificate_poison() {
  return make(oid::precertificate_poison, true, der::encode(der::null, BytesView()));
}

}  // namespace sigstore::authority::ca
