// A file that a flag or a variable names.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace cosign {

// At most `most` bytes of it. The errors of reading it, with what names it: "--ca-roots",
// "SIGSTORE_ROOT_FILE".
sigstore::Result<std::string> read_named(sigstore::Files& files, const std::string& path, std::string_view by,
                                         std::size_t most);

}  // namespace cosign
