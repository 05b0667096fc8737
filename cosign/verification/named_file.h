// A file that a flag or a variable names.
#pragma once

#include <string>
#include <string_view>

#include "cosign/session/session.h"

namespace cosign {

// At most `most` bytes of it, or of standard input ("-"). The errors of reading it, with what names it:
// "--ca-roots", "SIGSTORE_ROOT_FILE".
sigstore::Result<std::string> read_named(Session& session, const std::string& path, std::string_view by,
                                         std::size_t most);

}  // namespace cosign
