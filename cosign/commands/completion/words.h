// What can be completed, as values: made once from the table of commands, written for one shell each.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/command.h"

namespace cosign {

struct FlagWords {
  std::string name;  // without dashes
  char letter = 0;
  std::string help;
  bool takes_value = false;
  Takes takes = Takes::text;
  std::vector<std::string> values;  // fixed ones, or suggestions; one that ends in '/' is only a beginning
};

struct CommandWords {
  std::string path;  // "registry serve"; "" for the program
  std::string summary;
  std::vector<FlagWords> flags;        // without compatibility and hidden flags
  std::vector<std::string> arguments;  // where the positionals are fixed: bash|zsh|fish, or commands
};

// Every command, and the program itself first. The flags of the program belong to each.
std::vector<CommandWords> completion_words(const CommandTable& commands);

// The words that may follow a command or group: {"serve", summary}. For "" those of the program. Of a command
// its fixed arguments.
struct NextWord {
  std::string word;
  std::string summary;  // of a group: ""
};
std::vector<NextWord> next_words(const std::vector<CommandWords>& commands, const std::string& path);

// Every path that is a command or a group, but the program; and those that are groups alone.
std::vector<std::string> all_paths(const std::vector<CommandWords>& commands);
std::vector<std::string> group_paths(const std::vector<CommandWords>& commands);

// Of the files that a key of this kind may be in: ".key", ".pub"; "" for anything else.
std::string_view key_suffix(Takes takes);

std::string bash_script(const std::vector<CommandWords>& commands);
std::string zsh_script(const std::vector<CommandWords>& commands);
std::string fish_script(const std::vector<CommandWords>& commands);

}  // namespace cosign
