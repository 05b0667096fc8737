// A `.sig` layer as the original's one-line JSON object. Pure.
#pragma once

#include <string>

#include "sigstore/bundle/bundle.h"

namespace cosign {

// {"Base64Signature","Payload","Cert","Chain","Bundle","RFC3161Timestamp"}, null for what is not there.
// Certificates are {"Raw": base64 of DER}, of the many members that the original shows the one that holds
// all.
std::string legacy_signature(const sigstore::bundle::Bundle& signature);

}  // namespace cosign
