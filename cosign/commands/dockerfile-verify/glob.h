// Patterns as ${NAME#PATTERN} and its like have them: * is any text, ? any character, a backslash hides one.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace cosign {

enum class Cut { shortest_prefix, longest_prefix, shortest_suffix, longest_suffix };

// Without the part at one end that matches; as it is where none does. Each comparison of a character takes
// one of `steps`; Code::too_large when none is left, here and below.
sigstore::Result<std::string> cut(std::string_view value, std::string_view pattern, Cut which,
                                  std::size_t& steps);

// The first match, or all, the longest at each place; an empty match is none.
sigstore::Result<std::string> replaced(std::string_view value, std::string_view pattern,
                                       std::string_view with, bool all, std::size_t& steps);

}  // namespace cosign
