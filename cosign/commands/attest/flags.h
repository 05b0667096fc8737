// The flags of `cosign attest`, v2's and v3's alike, as one value.
#pragma once

#include <string>

#include "cosign/options/registry.h"
#include "cosign/signing/format_flags.h"
#include "cosign/signing/predicate_flags.h"
#include "cosign/signing/signing_flags.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct AttestFlags {
  PredicateFlags predicate;
  SigningFlags signing;
  FormatFlags format{.tag = sigstore::store::Format::envelope};
  RegistryFlags registry;
  bool replace = false;
  bool recursive = false;
  bool no_upload = false;
  bool force = false;
  std::string bundle;
  int max_workers = sigstore::limits::max_workers;

  void declare(FlagSet& flags);
};

}  // namespace cosign
