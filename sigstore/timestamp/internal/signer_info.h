// SignerInfo (RFC 5652, 5.3) with the signed attributes that a token must have.
#pragma once

#include "sigstore/codec/der.h"
#include "sigstore/timestamp/internal/signed_data.h"

namespace sigstore::timestamp::internal {

Result<Signer> read_signer_info(codec::der::Reader& in);

// SigningCertificate (RFC 2634, 5.4) or SigningCertificateV2 (RFC 5035, 3), by the attribute's name: the
// first one, which is the signer's.
Result<CertificateId> read_signing_certificate(BytesView value, bool v2);

}  // namespace sigstore::timestamp::internal
