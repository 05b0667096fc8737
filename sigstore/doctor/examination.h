// Tries a registry with scratch content, and cleans up after itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/doctor/findings.h"
#include "sigstore/doctor/scratch.h"
#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::doctor {

struct Examination {
  Findings findings;
  // What could not be deleted again: "REPO:tag", "REPO@sha256:…", "3 blobs of REPO". The blob `{}`, which
  // others have as well, is not counted.
  std::vector<std::string> left;
  bool interrupted = false;  // by the user: nothing was asked after that, and nothing cleaned up
};

struct ExaminationOptions {
  // Told before each step: "the referrers API". May be empty.
  std::function<void(std::string_view)> step;
};

// Pushes the pieces of `scratch` to `repository` and looks what comes of it. A registry that fails for a
// moment is asked again, a few times. Whatever goes wrong is a finding.
Examination examine(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                    const Scratch& scratch, const ExaminationOptions& options = {});

}  // namespace sigstore::doctor
