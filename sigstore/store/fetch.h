// Many small blobs of one repository, fetched together.
#pragma once

#include <string>
#include <vector>

#include "sigstore/oci/manifest.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

// The content of each, in the order given; several requests at a time, the same blob only once. All together
// may have `most` bytes, an equal blob counting each time: the last ones (the newest) come first, and what
// does not fit is Code::too_large without a request.
std::vector<Result<std::string>> fetch_blobs(remote::Registry& registry, const oci::Repository& repository,
                                             const std::vector<oci::Descriptor>& blobs, std::size_t most);

// Several requests at a time, but not more than a registry takes for an attack.
inline constexpr int fetched_at_once = 8;

}  // namespace sigstore::store
