// -a key=value, as signed and as required.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/oci/manifest.h"

namespace cosign {

// The values of a FlagSet::pair_list (which has split "a=1,b=2"). A later value of the same key wins.
sigstore::Result<sigstore::oci::Annotations> parse_annotations(const std::vector<std::string>& pairs);

}  // namespace cosign
