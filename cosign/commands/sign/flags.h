// The flags of `cosign sign`, v2's and v3's alike, as one value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosign/options/later.h"
#include "cosign/options/registry.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct SignFlags {
  RegistryFlags registry;
  std::string key;
  std::vector<std::string> annotations;
  bool recursive = false;
  bool upload = true;
  bool force = false;
  bool yes = false;
  std::string signature_format;  // "sig", "bundle", "both"; empty: decided by the other flags
  bool new_bundle_format = true;
  std::string referrers_mode;  // "legacy", "oci-1-1" or empty
  std::string bundle;
  std::string output_signature;
  std::string output_payload;
  std::string payload;
  std::string attachment;
  std::vector<std::string> identities;
  int max_workers = sigstore::limits::max_workers;
  // Which services are asked: decided in choices.h.
  bool tlog_upload = true;
  bool no_tlog_upload = false;
  bool use_signing_config = true;
  std::string signing_config;
  LaterFlags later;

  void declare(FlagSet& flags);
};

}  // namespace cosign
