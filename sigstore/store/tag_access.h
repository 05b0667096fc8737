// What a refusal on a tag beside an image means, for readers and for writers, and the errors that say it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

// For a reader: a tag that was answered with an error. Success: it counts as absent, because it is not there
// (404), or because the registry refuses it (401, 403) and yet gives the image of the same repository, or a
// list of tags without it: some registries hide absent tags like that, and `notes` says so. Otherwise the
// error as it came.
Result<void> take_as_absent(remote::Registry& registry, const oci::Repository& repository,
                            const oci::Digest& subject, const std::string& tag, const Error& error,
                            std::vector<std::string>& notes);

// For a writer, who must not take for absent what stands there: whether the list of tags names it. An error
// that says which permission is missing when the list cannot be read either.
Result<bool> tag_is_listed(remote::Registry& registry, const oci::Repository& repository,
                           const std::string& tag, const Error& refusal);

// What a tag names; nullopt where it is not there. One that may not be read counts as absent only where the
// list of tags says so.
Result<std::optional<oci::Digest>> tag_names(remote::Registry& registry, const oci::Repository& repository,
                                             const std::string& tag);

// Whether the registry refuses the write because the tag may not change. `exists`: it stood there when it was
// read.
bool says_immutable(const Error& refusal, bool exists);

// Whether the registry does not find a blob of what is written. The writer has put it there before:
// docker-registry says so for a moment while somebody else pushes the same blob.
bool says_blob_unknown(const Error& refusal);

// Whether it refuses what is written, whatever the tag.
bool says_invalid(const Error& refusal);

Error cannot_read_tag(const oci::Repository& repository, const std::string& tag, const Error& refusal);
Error cannot_write_tag(const oci::Repository& repository, const std::string& tag, const Error& refusal);
Error tag_is_immutable(const oci::Repository& repository, const std::string& tag, const Error& refusal,
                       const std::string& hint);
// The registry refuses a tag that exists without a reason that is known.
Error tag_may_be_locked(const oci::Repository& repository, const std::string& tag, const Error& refusal,
                        const std::string& hint);
// The registry refuses the kind of manifest: "a manifest under a .sig tag".
Error form_is_refused(const oci::Repository& repository, const std::string& what, const Error& refusal,
                      const std::string& hint);
Error tag_is_contested(const oci::Repository& repository, const std::string& tag);

}  // namespace sigstore::store
