// --only: what is copied.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sigstore/carry/cargo.h"

namespace cosign::copy {

// "image", "sig", "att", "sbom", "referrers"; empty for no choice, which is the image with everything.
sigstore::Result<std::set<sigstore::carry::Kind>> parse_only(const std::vector<std::string>& words);

}  // namespace cosign::copy
