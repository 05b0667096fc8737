// Blobs of any size on their way out of a registry (distribution-spec, "Pull").
#pragma once

#include "sigstore/remote/registry/client.h"

namespace sigstore::remote {

// Registry::download. A connection that breaks in the middle is followed by a request for the rest (Range,
// RFC 9110 section 14), or for all of it where the registry knows no ranges; what came already is not
// delivered twice.
Result<void> download_blob(Client& client, const oci::Repository& repository,
                           const oci::Descriptor& descriptor, const ByteSink& sink);

}  // namespace sigstore::remote
