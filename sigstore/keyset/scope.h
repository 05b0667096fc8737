// Where a key may be used: globs over repositories (docs/formats/key-set.md, "scope").
//
// A glob is compared with the whole name of a repository, registry included
// ("registry.example:5000/team/app", Docker Hub is "index.docker.io", and "docker.io" is read as that). `*`
// is any run without a slash, `**` any run at all; every other character is itself.
#pragma once

#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/oci/reference.h"

namespace sigstore::keyset {

// Code::malformed for one that could match nothing: empty, longer than 512 bytes, with a character that no
// repository has there or an empty part, without a registry before its first slash, or with one part alone on
// Docker Hub.
Result<void> check_glob(std::string_view glob);

// After check_glob().
bool matches(std::string_view glob, const oci::Repository& repository);

}  // namespace sigstore::keyset
