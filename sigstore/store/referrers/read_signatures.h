// From a list of referrers to the signatures in them.
#pragma once

#include <vector>

#include "sigstore/oci/manifest.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::store {

// Reads each manifest and then the signatures in all of them, which together may have `most` bytes, and
// appends them to `listing` in this order; of more than limits::referrers signatures the last ones. What is
// there and cannot be read is an entry with its error; a manifest that is gone is a note; the registry not
// answering is an error.
Result<void> read_signatures(remote::Registry& registry, const oci::Repository& repository,
                             const oci::Digest& subject, const std::vector<oci::Descriptor>& referrers,
                             std::size_t most, Listing& listing);

}  // namespace sigstore::store
