// A command's help.md (args/markdown.h) as plain text for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace cosign {

inline constexpr std::size_t help_columns = 80;

std::string plain_manual(std::string_view markdown);

// Words in lines of at most help_columns; every line begins with `indent` spaces but the first, which begins
// with `first`. Ends with a line break. A word that is too long stands on a line of its own.
std::string wrapped(std::string_view text, std::string_view first, std::size_t indent);

}  // namespace cosign
