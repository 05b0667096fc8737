// Names that a repository is asked for, which hostile metadata may have chosen. For remote/tufrepo only.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::remote {

// A file of metadata: one segment of unreserved characters and escapes. Code::malformed for anything else.
Result<void> check_metadata_name(std::string_view file);
// A target: relative, without ".", ".." and empty segments, without control characters. Code::malformed.
Result<void> check_target_name(std::string_view path);
// A target's path as that of a URL (RFC 3986 section 3.3): whatever no segment may hold is escaped, '%' too.
std::string target_in_url(std::string_view path);

}  // namespace sigstore::remote
