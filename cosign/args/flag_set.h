// The flags of a command: one table for parsing, the environment, --help and completion.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace cosign {

// Where a flag is shown in --help. Compatibility flags work, and stand in a section of their own.
enum class Section { normal, compatibility, hidden, global };

// What a value names, for completion. A key may also be env://NAME.
enum class Takes { text, file, folder, private_key, public_key };

struct Flag {
  std::string name;        // without dashes
  char letter = 0;         // short form, or 0
  std::string value_name;  // "FILE", "string"; empty for a boolean
  std::string help;
  std::string default_text;  // as --help shows it; empty: none shown
  Section section = Section::normal;
  bool boolean = false;
  std::vector<std::string> choices;  // fixed values, for completion and checks
  // Values that come to mind, for completion: others are as good.
  std::vector<std::string> suggestions;
  Takes takes = Takes::text;  // add() knows it from value_name: "FILE", "DIR"
  // Called for each occurrence. Its error's message is the reason alone ("must be true or false").
  std::function<sigstore::Result<void>(const std::string&)> set;
  bool given = false;    // on the command line or from the environment
  std::string variable;  // "COSIGN_MAX_WORKERS"; a declaring command may empty it: not from the environment

  [[nodiscard]] std::string display() const;  // "-o, --output", "--key"
};

// Flags bind to the fields of an options struct, which outlives the set. Defaults are the fields' values.
class FlagSet {
 public:
  Flag& boolean(std::string name, bool* target, std::string help, char letter = 0);
  Flag& text(std::string name, std::string* target, std::string value_name, std::string help,
             char letter = 0);
  Flag& optional_text(std::string name, std::optional<std::string>* target, std::string value_name,
                      std::string help, char letter = 0);
  // Repeatable; each occurrence is one value, whatever is in it. The first occurrence replaces the default.
  Flag& list(std::string name, std::vector<std::string>* target, std::string value_name, std::string help,
             char letter = 0);
  // Repeatable; each occurrence is one line of CSV (RFC 4180), as pflag's StringSlice: "a,b" is two values
  // and "\"a,b\"" is one.
  Flag& csv_list(std::string name, std::vector<std::string>* target, std::string value_name, std::string help,
                 char letter = 0);
  // For KEY=VALUE. "a=1,b=2" is two values as in csv_list, but only where every part has a '=' after a key:
  // "note=hello, world" is one value (the original refuses it).
  Flag& pair_list(std::string name, std::vector<std::string>* target, std::string help, char letter = 0);
  Flag& number(std::string name, int* target, std::string help, char letter = 0);
  Flag& duration(std::string name, std::chrono::nanoseconds* target, std::string help,
                 char letter = 0);                                                         // Go's "3m0s"
  Flag& size(std::string name, std::uint64_t* target, std::string help, char letter = 0);  // "512M"; 0: none
  Flag& choice(std::string name, std::string* target, std::vector<std::string> choices, std::string help,
               char letter = 0);
  // Any other kind: `flag.set` is filled in by the caller; name and help must be set.
  Flag& add(Flag flag);

  // Also by alias (--cert, --cert-chain, …). A later declaration hides an earlier one of the same name.
  [[nodiscard]] Flag* find(std::string_view name) const;
  [[nodiscard]] Flag* find(char letter) const;
  [[nodiscard]] bool given(std::string_view name) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Flag>>& all() const { return flags_; }

 private:
  std::vector<std::unique_ptr<Flag>> flags_;
};

// The flag names of the original's older releases, resolved for every command: {"cert", "certificate"}, …
const std::vector<std::pair<std::string_view, std::string_view>>& flag_aliases();

}  // namespace cosign
