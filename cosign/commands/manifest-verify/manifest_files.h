// Which files are meant by the arguments of `manifest verify`.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/env.h"

namespace cosign {

// A file is itself, also "-" for stdin; a folder is all .yaml, .yml and .json in it and below, sorted,
// without hidden ones. Code::not_found for a folder without any, Code::too_large for more than 4096 files or
// 16 levels, Code::invalid_argument for "-" given twice.
sigstore::Result<std::vector<std::string>> manifest_files(sigstore::Files& files,
                                                          const std::vector<std::string>& arguments);

}  // namespace cosign
