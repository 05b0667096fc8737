// The flags of `cosign verify`, as one value.
#pragma once

#include <string>
#include <vector>

#include "cosign/options/later.h"
#include "cosign/options/registry.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct VerifyFlags {
  RegistryFlags registry;
  std::string key;
  std::vector<std::string> annotations;
  bool check_claims = true;
  bool ignore_tlog = false;
  bool private_infrastructure = false;
  bool local_image = false;
  std::string output = "json";
  std::string signature;
  std::string payload;
  std::string attachment;
  std::string digest_algorithm = "sha256";
  bool offline = false;
  int max_workers = sigstore::limits::max_workers;
  LaterFlags later;

  void declare(FlagSet& flags);
};

}  // namespace cosign
