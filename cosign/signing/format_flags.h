// How what was signed is stored beside an image: as v1 and v2 do (a layer on a tag), or as v3 (a bundle).
#pragma once

#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "sigstore/store/artifact_store.h"

namespace cosign {

struct FormatFlags {
  // What the old format is: the layer of a `.sig` or of an `.att` tag. Set before declare().
  sigstore::store::Format tag = sigstore::store::Format::simple_signing;
  std::string signature_format;  // "sig" ("att"), "bundle", "both"; empty: decided by the other flags
  bool new_bundle_format = true;
  std::string referrers_mode;  // "legacy", "oci-1-1" or empty

  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // The formats to store. By default the tag alone: the one form that every verifier reads offline.
  // `new_bundle_format_given`: FlagSet::given("new-bundle-format").
  [[nodiscard]] std::vector<sigstore::store::Format> formats(bool new_bundle_format_given) const;
};

}  // namespace cosign
