// --policy, for the commands that verify attestations.
#pragma once

#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

struct PolicyFlags {
  std::vector<std::string> files;

  void declare(FlagSet& flags);
  // Reads the policies and says which there are. Empty when none was given. The errors of policy::open. The
  // session outlives what is returned; its check has the id "policy", and names file and line when it failed.
  [[nodiscard]] sigstore::Result<sigstore::check::Policy> open(Session& session) const;
};

}  // namespace cosign
