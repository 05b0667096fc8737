// One word of the command line that begins with '-', split into flags and values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cosign/args/flag_set.h"

namespace cosign {

struct Occurrence {
  Flag* flag = nullptr;              // nullptr: the built-in help flag
  std::optional<std::string> value;  // nullopt: the next word
};

struct FlagWord {
  std::vector<Occurrence> occurrences;  // only the last may lack a value
  std::string warning;                  // of the argv fixer; may be empty
};

bool is_flag_word(const std::string& word);  // begins with '-' and is neither "-" nor "--"

// Code::invalid_argument: "unknown flag: --x", "unknown shorthand flag: 'x' in -yx", "bad flag syntax: ---x".
sigstore::Result<FlagWord> read_flag_word(const std::string& word, const FlagSet& flags);

}  // namespace cosign
