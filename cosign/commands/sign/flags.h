// The flags of `cosign sign`, v2's and v3's alike, as one value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosign/options/registry.h"
#include "cosign/signing/format_flags.h"
#include "cosign/signing/signing_flags.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct SignFlags {
  SigningFlags signing;
  FormatFlags format;
  RegistryFlags registry;
  std::vector<std::string> annotations;
  bool recursive = false;
  bool upload = true;
  bool force = false;
  std::string bundle;
  std::string output_signature;
  std::string output_payload;
  std::string payload;
  std::string attachment;
  std::vector<std::string> identities;
  int max_workers = sigstore::limits::max_workers;

  void declare(FlagSet& flags);
};

}  // namespace cosign
