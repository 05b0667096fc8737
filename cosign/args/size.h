// Sizes as people write them: "4096", "128MiB", "100 MB", "1.5Ti".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace cosign {

// Units of 1000 (k, M, G, T) and of 1024 (Ki, Mi, Gi, Ti), with or without "B", in any case; spaces between
// are left out. At most 2^53, which every reader of JSON holds. Code::invalid_argument; the message is the
// reason alone.
sigstore::Result<std::uint64_t> parse_size(std::string_view text);
// In the largest unit that says it exactly: "128MiB", "100MB", "4097".
std::string size_text(std::uint64_t bytes);

}  // namespace cosign
