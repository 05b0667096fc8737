#include "sigstore/authority/ca/certificate.h"

#include <algorithm>

#include "sigstore/authority/ca/extension.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/x509/signature_algorithm.h"

namespace sigstore::authority::ca {
namespace {

namespace der = codec::der;
using crypto::Scheme;

constexpr std::string_view oid_organization = "2.5.4.10", oid_common_name = "2.5.4.3";

Bytes encode(const crypto::x509::Validity& validity) {
  return der::encode(der::sequence,
                     {der::encode_time(validity.not_before), der::encode_time(validity.not_after)});
}

Bytes encode(const Extension& extension) {
  std::vector<Bytes> parts = {der::encode_oid(extension.oid)};
  if (extension.critical) parts.push_back(der::encode_boolean(true));
  parts.push_back(der::encode(der::octet_string, BytesView(extension.value)));
  return der::encode(der::sequence, parts);
}

Bytes encode(const std::vector<Extension>& extensions) {
  std::vector<Bytes> parts;
  for (const auto& extension : extensions) parts.push_back(encode(extension));
  const Bytes list = der::encode(der::sequence, parts);
  return der::encode(der::context_constructed(3), BytesView(list));
}

// The content of the BIT STRING of a SubjectPublicKeyInfo.
Result<Bytes> key_bits(BytesView spki) {
  der::Reader reader(spki);
  TRY(auto inside, reader.enter(der::sequence));
  TRY_OK(inside.expect(der::sequence));
  TRY(const auto bits, inside.expect(der::bit_string));
  TRY(const auto octets, der::read_bit_string(bits.content));
  return Bytes(octets.begin(), octets.end());
}

}  // namespace

Name make_name(std::string_view organization, std::string_view common_name) {
  Name name;
  if (!organization.empty()) name.push_back({std::string(oid_organization), std::string(organization)});
  if (!common_name.empty()) name.push_back({std::string(oid_common_name), std::string(common_name)});
  return name;
}

Bytes encode(const Name& name) {
  std::vector<Bytes> parts;
  for (const auto& attribute : name) {
    const Bytes pair = der::encode(der::sequence, {der::encode_oid(attribute.oid),
                                                   der::encode(attribute.tag, as_bytes(attribute.value))});
    parts.push_back(der::encode(der::set, BytesView(pair)));
  }
  return der::encode(der::sequence, parts);
}

Extension* CertificateTemplate::find(std::string_view oid) {
  const auto found = std::ranges::find(extensions, oid, &Extension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

void CertificateTemplate::set(Extension extension) {
  if (auto* const present = find(extension.oid))
    *present = std::move(extension);
  else
    extensions.push_back(std::move(extension));
}

void CertificateTemplate::remove(std::string_view oid) {
  std::erase_if(extensions, [&](const Extension& extension) { return extension.oid == oid; });
}

Issuer issuer_of(const CertificateTemplate& ca, crypto::Signer& signer) {
  return {ca.subject, key_identifier(ca.spki), &signer, signer.public_key().schemes().front()};
}

Result<Issuer> issuer_of(const crypto::x509::Certificate& ca, crypto::Signer& signer) {
  const auto& spki = signer.public_key().spki();
  if (!ca.is_ca())
    return fail(Code::mismatch, "the certificate of " + ca.subject_text() + " is no authority's");
  if (!std::ranges::equal(ca.spki(), spki))
    return fail(Code::mismatch,
                "the certificate of " + ca.subject_text() + " is for another key than this one");
  Issuer issuer{{ca.subject_name().begin(), ca.subject_name().end()},
                key_identifier(spki),
                &signer,
                signer.public_key().schemes().front()};
  if (const auto* const own = ca.extension(oid::subject_key_id)) {
    der::Reader reader(own->value);
    TRY(const auto id, reader.expect(der::octet_string));
    issuer.key_id.assign(id.content.begin(), id.content.end());
  }
  return issuer;
}

Result<Bytes> algorithm_identifier(Scheme scheme) {
  if (auto made = crypto::x509::algorithm_identifier(scheme)) return *std::move(made);
  return fail(Code::unsupported, "certificates are not signed by " + std::string(name(scheme)));
}

Bytes key_identifier(BytesView spki) {
  const auto bits = key_bits(spki);
  if (!bits) return {};
  Bytes digest = crypto::sha256(*bits);
  digest.resize(20);
  return digest;
}

Bytes random_serial(Random& random) {
  Bytes serial(20);
  random.fill(serial);
  serial[0] &= 0x7F;
  serial[19] |= 1;
  return serial;
}

Result<Bytes> encode_tbs(const CertificateTemplate& certificate, const Issuer& issuer) {
  TRY(const Bytes scheme, algorithm_identifier(certificate.stated_scheme.value_or(issuer.scheme)));
  std::vector<Bytes> parts;
  if (certificate.version != 1) {
    const Bytes version = der::encode_unsigned(static_cast<std::uint64_t>(certificate.version - 1));
    parts.push_back(der::encode(der::context_constructed(0), BytesView(version)));
  }
  parts.push_back(der::encode_unsigned(BytesView(certificate.serial)));
  parts.push_back(scheme);
  parts.push_back(certificate.issuer.value_or(issuer.name));
  parts.push_back(encode(certificate.validity));
  parts.push_back(certificate.subject);
  parts.push_back(certificate.spki);
  if (!certificate.extensions.empty()) parts.push_back(encode(certificate.extensions));
  return der::encode(der::sequence, parts);
}

Result<Bytes> issue(const CertificateTemplate& certificate, const Issuer& issuer) {
  TRY(const Bytes tbs, encode_tbs(certificate, issuer));
  TRY(const Bytes scheme, algorithm_identifier(issuer.scheme));
  Bytes signature;
  if (certificate.signature) {
    signature = *certificate.signature;
  } else {
    TRY(signature, issuer.signer->sign(issuer.scheme, tbs));
  }
  return der::encode(der::sequence, {tbs, scheme, der::encode_bit_string(signature)});
}

std::string to_pem(BytesView certificate) {
  return codec::pem::encode("CERTIFICATE", certificate);
}

}  // namespace sigstore::authority::ca
