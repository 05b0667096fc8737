// The pages of man(1), in the macros of man(7), from the same table that parses and prints --help.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/command.h"

namespace cosign {

// What stands in the header and the footer of each page.
struct PageEdition {
  std::string release;  // "cosign v3.1.2+cpp.0.1.0"
  std::string date;     // "2026-11-24"
};

// "cosign-registry-serve", the name of a page of section 1.
std::string page_name(const std::vector<std::string>& path);

// `flags` holds the program's flags and the command's.
std::string command_page(const Command& command, const FlagSet& flags, const CommandTable& commands,
                         const PageEdition& edition);

// The program (`path` is empty) or a group.
std::string group_page(const CommandTable& commands, const std::vector<std::string>& path,
                       const FlagSet& flags, const PageEdition& edition);

}  // namespace cosign
