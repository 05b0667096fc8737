// The --files of `upload blob`.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/oci/manifest.h"

namespace cosign::upload_blob {

struct File {
  std::string path;
  std::optional<sigstore::oci::Platform> platform;
};

// "PATH", "PATH:OS", "PATH:OS/ARCHITECTURE[/VARIANT]". A file whose whole name is there is that file,
// whatever colons are in it. Several files need a platform each, and no two the same: Code::invalid_argument.
sigstore::Result<std::vector<File>> parse_files(const std::vector<std::string>& words,
                                                sigstore::Files& files);

}  // namespace cosign::upload_blob
