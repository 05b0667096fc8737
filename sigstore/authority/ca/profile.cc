#include "sigstore/authority/ca/profile.h"

#include "sigstore/authority/ca/extension.h"

namespace sigstore::authority::ca {
namespace {

constexpr unsigned claim_issuer = 1, claim_issuer_v2 = 8;

CertificateTemplate start(const Holder& holder, const Name& subject) {
  CertificateTemplate certificate;
  certificate.serial = holder.serial;
  certificate.subject = encode(subject);
  certificate.validity = holder.validity;
  certificate.spki = holder.spki;
  return certificate;
}

}  // namespace

CertificateTemplate root(const Holder& holder, const Name& name) {
  auto certificate = start(holder, name);
  certificate.extensions = {key_usage(key_cert_sign | crl_sign), basic_constraints(true),
                            subject_key_id(key_identifier(holder.spki))};
  return certificate;
}

CertificateTemplate intermediate(const Holder& holder, const Name& name, const Issuer& issuer,
                                 std::string_view purpose) {
  auto certificate = start(holder, name);
  certificate.extensions = {key_usage(key_cert_sign | crl_sign), extended_key_usage({purpose}),
                            basic_constraints(true, 0), subject_key_id(key_identifier(holder.spki)),
                            authority_key_id(issuer.key_id)};
  return certificate;
}

CertificateTemplate code_signing(const Holder& holder, const Identity& identity, const Issuer& issuer) {
  auto certificate = start(holder, {});
  certificate.extensions = {key_usage(digital_signature),
                            extended_key_usage({crypto::x509::code_signing}),
                            subject_key_id(key_identifier(holder.spki)),
                            authority_key_id(issuer.key_id),
                            subject_alternative_name({encode(identity.name)}),
                            fulcio_claim(claim_issuer, identity.issuer),
                            fulcio_claim(claim_issuer_v2, identity.issuer)};
  for (const auto& claim : identity.claims)
    certificate.extensions.push_back(fulcio_claim(claim.number, claim.value));
  return certificate;
}

CertificateTemplate time_stamping(const Holder& holder, const Name& name, const Issuer& issuer) {
  auto certificate = start(holder, name);
  certificate.extensions = {key_usage(digital_signature),
                            extended_key_usage({crypto::x509::time_stamping}, true),
                            subject_key_id(key_identifier(holder.spki)), authority_key_id(issuer.key_id)};
  return certificate;
}

Result<Bytes> issue_precertificate(CertificateTemplate certificate, const Issuer& issuer) {
  certificate.extensions.push_back(precertificate_poison());
  return issue(certificate, issuer);
}

}  // namespace sigstore::authority::ca
