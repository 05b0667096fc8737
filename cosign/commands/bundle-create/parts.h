// The parts that a bundle is made of, read from files.
#pragma once

#include <string>

#include "sigstore/bundle/bundle.h"

namespace cosign::bundle_create {

struct Asked {
  std::string old_bundle, signature, attestation, certificate, timestamp;  // contents; empty: not given
};

// All but what only the artifact tells: of a MessageContent the digest is empty. Code::invalid_argument when
// the signature is given twice or not at all; Code::unsupported for what a bundle v0.3 cannot hold, such as a
// log entry in the old form.
sigstore::Result<sigstore::bundle::Bundle> assemble(const Asked& asked);

}  // namespace cosign::bundle_create
