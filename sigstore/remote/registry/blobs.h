// Blobs of a registry: read, and uploaded in one piece (distribution-spec, "Pull" and "Push").
#pragma once

#include <string>
#include <string_view>

#include "sigstore/remote/registry/client.h"

namespace sigstore::remote {

// The verbs of Registry; see there.
Result<std::string> read_blob(Client& client, const oci::Repository& repository,
                              const oci::Descriptor& descriptor, std::size_t max);

// HEAD; when it is not there POST for an upload and PUT of the whole content. A registry that does not take
// that gets PATCH and PUT in a new upload. A session that breaks (connection, time-out, 408, 429, 5xx) is
// begun anew, once.
Result<void> upload_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest,
                         std::string_view content);

}  // namespace sigstore::remote
