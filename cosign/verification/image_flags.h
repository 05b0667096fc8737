// The flags of the commands that verify signatures of images, as one value: `verify`, `manifest verify`,
// `dockerfile verify`.
#pragma once

#include <string>
#include <vector>

#include "cosign/options/registry.h"
#include "cosign/verification/material_flags.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct ImageFlags {
  RegistryFlags registry;
  MaterialFlags material;
  std::vector<std::string> annotations;
  bool check_claims = true;
  bool local_image = false;
  std::string output = "json";
  std::string signature;
  std::string payload;
  std::string attachment;
  std::string digest_algorithm = "sha256";
  int max_workers = sigstore::limits::max_workers;

  void declare(FlagSet& flags);
};

}  // namespace cosign
