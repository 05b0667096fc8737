// The words of one line of a Dockerfile: quotes hold blanks together, and so does ${…}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosign {

// As they stand, with their quotes. nullopt where a quote or a ${ does not end.
std::optional<std::vector<std::string>> raw_words(std::string_view line, char escape);

// "--from=build --link rest": each flag without its quotes, and the rest of the line. `--` ends the flags.
struct Flags {
  std::vector<std::string> flags;
  std::string rest;
};
Flags take_flags(std::string_view line);

std::string_view trimmed(std::string_view text);  // without blanks on either side
std::string upper(std::string_view text);         // ASCII
std::string lower(std::string_view text);
bool is_blank(char c);

}  // namespace cosign
