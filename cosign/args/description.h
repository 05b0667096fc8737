// What a page about a command says, before it is laid out: --help and the manual pages take it from here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cosign/args/command.h"

namespace cosign {

inline constexpr std::string_view program_summary =
    "Signs container images and verifies their signatures, in any registry, with no other service.";
inline constexpr std::string_view independence =
    "This is cosign-cpp, an implementation independent of the Sigstore project.";
inline constexpr std::string_view compatibility_title =
    "Compatibility flags, for lines written for other versions";

struct DescribedFlag {
  char letter = 0;
  std::vector<std::string> names;  // without dashes; the first is its own, aliases follow
  std::string value_name;          // empty for a boolean
  std::string help;                // with its default and its variable
};
// The flags of a section, in the order they were declared; the global ones end with --help.
std::vector<DescribedFlag> described_flags(const FlagSet& flags, Section section);

struct DescribedCommand {
  std::vector<std::string> path;
  std::string summary;
};
// The commands below a group, or all of them.
std::vector<DescribedCommand> commands_below(const CommandTable& commands,
                                             const std::vector<std::string>& group);
// Every group of commands: {"registry"}.
std::vector<std::vector<std::string>> groups_of(const CommandTable& commands);

// A summary as a sentence.
std::string sentence(std::string text);

}  // namespace cosign
