// -a key=value, as signed and as required.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/oci/manifest.h"

namespace cosign {

// Real cosign splits a value at commas. Here `-a a=1,b=2` is two annotations as well, but only where every
// part has a '='; `-a list=x,y` is one. A later value of the same key wins.
sigstore::Result<sigstore::oci::Annotations> parse_annotations(const std::vector<std::string>& values);

}  // namespace cosign
