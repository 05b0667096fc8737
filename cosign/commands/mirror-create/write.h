// A mirror as a folder or a tar file.
#pragma once

#include <map>
#include <string>

#include "sigstore/base/env.h"

namespace cosign::mirror_create {

using MirrorFiles = std::map<std::string, std::string>;  // as sigstore::trust_cache::Mirror has them

// Code::invalid_argument for the name of an archive that is not written here, and for "-".
sigstore::Result<void> check_name(const std::string& path);

// Whoever reads the folder meanwhile has the old mirror or the new one: timestamp.json comes last. What is
// there already stays. Code::conflict for a folder that holds something else, or the
// mirror of another repository: one that has no root in common with this one.
sigstore::Result<void> write_folder(sigstore::Files& files, const std::string& path,
                                    const MirrorFiles& mirror);
// Replaced whole or not at all, and the same bytes for the same mirror.
sigstore::Result<void> write_tar(sigstore::Files& files, const std::string& path, const MirrorFiles& mirror);

}  // namespace cosign::mirror_create
