// What `attach signature`, `attach attestation` and `attach sbom` share: flags, the image, and putting beside
// it what was made elsewhere.
#pragma once

#include <string>
#include <vector>

#include "cosign/attaching/given.h"
#include "cosign/options/registry.h"
#include "cosign/session/session.h"

namespace cosign {

struct AttachFlags {
  RegistryFlags registry;
  void declare(FlagSet& flags);
};

struct AttachTarget {
  sigstore::oci::Reference reference;
  sigstore::oci::Descriptor image;
  sigstore::oci::Repository repository;  // where it goes: COSIGN_REPOSITORY, or the image's own
};

// The image must be there: what is attached to a mistyped digest is never found. A line says what a tag
// named.
sigstore::Result<AttachTarget> find_target(Session& session, const AttachFlags& flags,
                                           const std::string& argument);

// Puts each beside the image, in its format, unless the same is there already; says what was done. Stops at
// the first error: what was put stays, and is found there the next time.
sigstore::Result<void> attach(Session& session, const AttachTarget& target, const std::vector<Given>& given,
                              const std::string& what);

}  // namespace cosign
