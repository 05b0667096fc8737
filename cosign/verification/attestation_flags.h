// The flags of `verify-attestation` as one value.
#pragma once

#include <string>

#include "cosign/options/registry.h"
#include "cosign/verification/material_flags.h"
#include "cosign/verification/policy_flags.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct AttestationFlags {
  RegistryFlags registry;
  MaterialFlags material;
  PolicyFlags policy;
  std::string type;  // empty: any
  bool check_claims = true;
  bool local_image = false;
  std::string output = "json";
  int max_workers = sigstore::limits::max_workers;

  void declare(FlagSet& flags);
};

}  // namespace cosign
