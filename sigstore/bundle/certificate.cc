#include "sigstore/bundle/certificate.h"

#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/certificate.h"

namespace sigstore::bundle {

Result<CertificateClaim> read_certificate(BytesView bytes) {
  TRY(const auto certificate, crypto::x509::Certificate::parse(bytes));
  CertificateClaim claim;
  if (!certificate.names().empty()) claim.identity = certificate.names().front().value;
  if (const auto* issuer = certificate.extension("1.3.6.1.4.1.57264.1.8")) {
    TRY(const auto text, codec::der::Reader(issuer->value).expect(codec::der::utf8_string));
    claim.issuer = to_text(text.content);
  } else if (const auto* bare = certificate.extension("1.3.6.1.4.1.57264.1.1")) {
    claim.issuer = to_text(bare->value);
  }
  return claim;
}

}  // namespace sigstore::bundle
