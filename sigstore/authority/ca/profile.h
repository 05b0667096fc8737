// The certificates that a Sigstore needs, as they should be: root, intermediate, a signer's (as Fulcio issues
// it) and a timestamp authority's (RFC 3161 2.3).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sigstore/authority/ca/certificate.h"
#include "sigstore/crypto/x509/sct.h"

namespace sigstore::authority::ca {

// A key that a certificate is for, until when, and under which number.
struct Holder {
  Bytes spki;
  crypto::x509::Validity validity;
  Bytes serial;
};

// A CA. Self-signed without `issuer`.
CertificateTemplate root(const Holder& holder, const Name& name);
CertificateTemplate intermediate(const Holder& holder, const Name& name, const Issuer& issuer,
                                 std::string_view purpose = crypto::x509::code_signing);

// What an identity provider said of a signer.
struct Claim {
  unsigned number = 0;  // 1.3.6.1.4.1.57264.1.N
  std::string value;
};
struct Identity {
  crypto::x509::GeneralName name;
  std::string issuer;         // of the token: claims 1 and 8
  std::vector<Claim> claims;  // the others, in order
};
// Empty subject, one critical alternative name, digitalSignature, codeSigning, the claims.
CertificateTemplate code_signing(const Holder& holder, const Identity& identity, const Issuer& issuer);

CertificateTemplate time_stamping(const Holder& holder, const Name& name, const Issuer& issuer);

// A log of certificates: what it answers to a TBSCertificate without poison that `issuer_spki` will sign.
using CertificateLog =
    std::function<Result<crypto::x509::Sct>(BytesView precertificate_tbs, BytesView issuer_spki)>;

// As a log is asked (RFC 6962 3.1): the same with the poison, signed.
Result<Bytes> issue_precertificate(CertificateTemplate certificate, const Issuer& issuer);
// The answers of logs, as a signed certificate carries them.
Extension sct_list(const std::vector<crypto::x509::Sct>& scts);
// Asks each log, then issues with their answers as the last extension. Errors are theirs.
Result<Bytes> issue_logged(CertificateTemplate certificate, const Issuer& issuer,
                           const std::vector<CertificateLog>& logs);

}  // namespace sigstore::authority::ca
