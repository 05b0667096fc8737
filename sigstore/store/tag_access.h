// What a refusal on a tag beside an image means, for readers and for writers, and the errors that say it.
#pragma once

#include <string>

#include "sigstore/oci/reference.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

// For a reader: the tag was answered with 401 or 403. Some registries hide absent tags like that. True: the
// image itself can be read in the same repository, so the tag counts as absent. Otherwise the error, seen
// from here.
Result<bool> hides_absent_tag(remote::Registry& registry, const oci::Repository& repository,
                              const oci::Digest& subject, const Error& refusal);

// For a writer, who must not take for absent what stands there: whether the list of tags names it. An error
// that says which permission is missing when the list cannot be read either.
Result<bool> tag_is_listed(remote::Registry& registry, const oci::Repository& repository,
                           const std::string& tag, const Error& refusal);

// Whether the registry refuses the write because the tag may not change. `exists`: it stood there when it was
// read.
bool says_immutable(const Error& refusal, bool exists);

Error cannot_read_tag(const oci::Repository& repository, const std::string& tag, const Error& refusal);
Error cannot_write_tag(const oci::Repository& repository, const std::string& tag, const Error& refusal);
Error tag_is_immutable(const oci::Repository& repository, const std::string& tag, const Error& refusal,
                       const std::string& hint);
Error tag_is_contested(const oci::Repository& repository, const std::string& tag);

}  // namespace sigstore::store
