#include "sigstore/bundle/certificate.h"

#include "sigstore/codec/der.h"

namespace sigstore::bundle {

namespace der = codec::der;

namespace {

constexpr std::uint8_t extensions_tag = 0xa3;                 // [3] EXPLICIT of TBSCertificate
constexpr std::uint8_t email = 0x81, dns = 0x82, uri = 0x86;  // of GeneralName

std::string text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<std::string> first_name(BytesView general_names) {
  der::Reader reader(general_names);
  TRY(auto names, reader.enter(der::sequence));
  while (!names.empty()) {
    TRY(const auto name, names.next());
    if (name.tag == email || name.tag == dns || name.tag == uri) return text_of(name.content);
  }
  return std::string();
}

Result<void> read_extension(der::Reader extension, CertificateClaim& claim) {
  TRY(const auto oid_element, extension.expect(der::oid));
  TRY(const std::string oid, der::read_oid(oid_element.content));
  if (extension.peek() == der::boolean) TRY_OK(extension.next());
  TRY(const auto value, extension.expect(der::octet_string));
  if (oid == "2.5.29.17") {
    TRY(claim.identity, first_name(value.content));
  } else if (oid == "1.3.6.1.4.1.57264.1.8") {
    TRY(const auto issuer, der::Reader(value.content).expect(der::utf8_string));
    claim.issuer = text_of(issuer.content);
  } else if (oid == "1.3.6.1.4.1.57264.1.1" && claim.issuer.empty()) {
    claim.issuer = text_of(value.content);  // the older form is the bare text
  }
  return {};
}

}  // namespace

Result<CertificateClaim> read_certificate(BytesView bytes) {
  der::Reader outer(bytes);
  TRY(auto certificate, outer.enter(der::sequence));
  TRY(auto body, certificate.enter(der::sequence));
  CertificateClaim claim;
  while (!body.empty()) {
    if (body.peek() != extensions_tag) {
      TRY_OK(body.next());
      continue;
    }
    TRY(auto wrapped, body.enter(extensions_tag));
    TRY(auto extensions, wrapped.enter(der::sequence));
    while (!extensions.empty()) {
      TRY(const auto extension, extensions.enter(der::sequence));
      TRY_OK(read_extension(extension, claim));
    }
  }
  return claim;
}

}  // namespace sigstore::bundle
