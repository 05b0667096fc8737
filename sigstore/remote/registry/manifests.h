// Manifests and indexes of a registry: resolve, read, write (distribution-spec, "Pull" and "Push").
#pragma once

#include <string>
#include <string_view>

#include "sigstore/remote/registry/client.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote {

// The verbs of Registry; see there.
Result<oci::Descriptor> resolve_manifest(Client& client, const oci::Reference& reference);
Result<ManifestContent> read_manifest(Client& client, const oci::Repository& repository,
                                      const std::string& tag_or_digest);
Result<ManifestContent> read_document(Client& client, const oci::Repository& repository,
                                      const std::string& tag);
Result<PutResult> write_manifest(Client& client, const oci::Repository& repository,
                                 const std::string& tag_or_digest, std::string_view media_type,
                                 std::string_view content, const Precondition& precondition);
Result<void> remove_manifest(Client& client, const oci::Repository& repository,
                             const std::string& tag_or_digest);

}  // namespace sigstore::remote
