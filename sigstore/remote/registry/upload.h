// Blobs on their way into a registry (distribution-spec, "Push").
#pragma once

#include <string_view>

#include "sigstore/remote/registry/client.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote {

// HEAD; when it is not there POST for an upload and PUT of the whole content. A registry that does not take
// that gets PATCH and PUT in a new upload. A session that breaks (connection, time-out, 408, 429, 5xx) is
// begun anew, once. With `from` the first POST asks for the blob of that repository; a registry that does not
// hand it over is sent the content.
Result<Arrival> upload_blob(Client& client, const oci::Repository& repository, const oci::Digest& digest,
                            const ByteSource& source, const std::optional<oci::Repository>& from = {});

// The same with content in memory. Code::invalid_argument where that has another digest.
Result<void> push_blob_text(Client& client, const oci::Repository& repository, const oci::Digest& digest,
                            std::string_view content);

}  // namespace sigstore::remote
