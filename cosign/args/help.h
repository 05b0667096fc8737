// What --help shows, from the same table that parses.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/command.h"

namespace cosign {

// `flags` holds the program's flags and the command's.
std::string command_help(const Command& command, const FlagSet& flags);

// The program (`path` is empty) or a group: its commands, and the program's flags.
std::string group_help(const CommandTable& commands, const std::vector<std::string>& path,
                       const FlagSet& flags);

}  // namespace cosign
