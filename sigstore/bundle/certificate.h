// What a certificate of a signer says: whom it was issued to, and who vouched for them. Nothing is checked:
// neither who issued it, nor when, nor that its key made the signature.
#pragma once

#include <string>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::bundle {

struct CertificateClaim {
  std::string identity;  // the first of the subject alternative names
  std::string issuer;    // the OIDC issuer (Fulcio, 1.3.6.1.4.1.57264.1.8, or .1 in the older form)
  friend bool operator==(const CertificateClaim&, const CertificateClaim&) = default;
};

// RFC 5280. What it does not say stays empty. Code::malformed when it is no certificate.
Result<CertificateClaim> read_certificate(BytesView der);

}  // namespace sigstore::bundle
