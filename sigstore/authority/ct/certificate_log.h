// A log of certificates as it answers: signed certificate timestamps (RFC 6962, 3.2). Pure: the key and the
// time are arguments, and nothing is kept: clients ask for no more than the promise.
#pragma once

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/crypto/key.h"
#include "sigstore/crypto/x509/sct.h"

namespace sigstore::authority::ct {

// SHA-256 of the SPKI (RFC 6962 3.2).
Bytes log_id(const crypto::PublicKey& log);

// For a certificate that is still to be signed: its TBSCertificate without poison, and the key that will sign
// it. To the millisecond. Code::unsupported for keys that are neither P-256 nor RSA (RFC 6962 2.1.4: clients
// take no others); else the signer's errors.
Result<crypto::x509::Sct> promise_precertificate(crypto::Signer& log, BytesView precertificate_tbs,
                                                 BytesView issuer_spki, Time at);
// For one that is signed: detached.
Result<crypto::x509::Sct> promise_certificate(crypto::Signer& log, const crypto::x509::Certificate& leaf,
                                              Time at);

}  // namespace sigstore::authority::ct
