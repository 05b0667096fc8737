// The parts that a bundle is made of, read from files.
#pragma once

#include <string>

#include "sigstore/bundle/bundle.h"

namespace cosign::bundle_create {

struct File {
  std::string content;  // empty: not given
  std::string name;     // in messages
};
struct Asked {
  File old_bundle, signature, attestation, certificate, timestamp;
};

struct Parts {
  // All but what only the artifact and the log tell: of a MessageContent the digest is empty, and the log
  // entry of an old bundle has no inclusion proof.
  sigstore::bundle::Bundle bundle;
  std::string envelope;  // as it was read; empty where a file was signed
};

// Code::invalid_argument when the signature is given twice or not at all; Code::unsupported for what a bundle
// v0.3 cannot hold; Code::malformed, with the file's name, for what is not what its flag takes.
sigstore::Result<Parts> assemble(const Asked& asked);

}  // namespace cosign::bundle_create
