#include "sigstore/bundle/certificate.h"

#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/certificate.h"
#include "sigstore/crypto/x509/fulcio.h"

namespace sigstore::bundle {

namespace fulcio = crypto::x509::fulcio;

Result<CertificateClaim> read_certificate(BytesView bytes) {
  TRY(const auto certificate, crypto::x509::Certificate::parse(bytes));
  CertificateClaim claim;
  if (!certificate.names().empty()) claim.identity = certificate.names().front().value;
  if (const auto* issuer = certificate.extension(fulcio::issuer.oid)) {
    TRY(const auto text, codec::der::Reader(issuer->value).expect(codec::der::utf8_string));
    claim.issuer = to_text(text.content);
  } else if (const auto* bare = certificate.extension(fulcio::old_issuer.oid)) {
    claim.issuer = to_text(bare->value);
  }
  return claim;
}

}  // namespace sigstore::bundle
