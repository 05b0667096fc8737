// What a command is: its words, its flags, its manual, and what it does. One folder under commands/ per command;
// leaves() generates the table of all. From one description come parsing, --help, completion and the manual.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace cosign {

class Session;

// Where a flag is shown in --help. Compatibility flags work, and stand in a section of their own.
enum class Section { normal, compatibility, hidden };

struct Flag {
  std::string name;            // without dashes
  char letter = 0;             // short form, or 0
  std::string value_name;      // "FILE", "string"; empty for a boolean
  std::string help;
  std::string default_text;    // as --help shows it; empty: none shown
  Section section = Section::normal;
  bool boolean = false;
  std::vector<std::string> choices;  // fixed values, for completion and checks
  std::function<sigstore::Result<void>(const std::string&)> set;  // called for each occurrence
  bool given = false;          // on the command line or from the environment
};

// Flags bind to the fields of an options struct, which outlives the set. Defaults are the fields' values.
class FlagSet {
 public:
  Flag& boolean(std::string name, bool* target, std::string help, char letter = 0);
  Flag& text(std::string name, std::string* target, std::string value_name, std::string help, char letter = 0);
  Flag& optional_text(std::string name, std::optional<std::string>* target, std::string value_name, std::string help,
                      char letter = 0);
  Flag& list(std::string name, std::vector<std::string>* target, std::string value_name, std::string help,
             char letter = 0);  // repeatable; each occurrence is one value
  Flag& number(std::string name, int* target, std::string help, char letter = 0);
  Flag& duration(std::string name, std::chrono::nanoseconds* target, std::string help, char letter = 0);  // Go's "3m0s"
  Flag& choice(std::string name, std::string* target, std::vector<std::string> choices, std::string help,
               char letter = 0);

  [[nodiscard]] Flag* find(std::string_view name);  // also by alias
  [[nodiscard]] Flag* find(char letter);
  [[nodiscard]] bool given(std::string_view name) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Flag>>& all() const { return flags_; }

 private:
  std::vector<std::unique_ptr<Flag>> flags_;
};

class Command {
 public:
  virtual ~Command() = default;
  [[nodiscard]] virtual std::vector<std::string> path() const = 0;    // {"registry", "serve"}
  [[nodiscard]] virtual std::string usage() const = 0;                // "IMAGE..." after the path
  [[nodiscard]] virtual std::string summary() const = 0;              // one line
  [[nodiscard]] virtual std::string manual() const = 0;               // help.md, embedded
  [[nodiscard]] virtual std::pair<int, int> arguments() const { return {0, -1}; }  // least, most (-1: any)
  virtual void declare(FlagSet& flags) = 0;
  // The exit code. An Error is printed once, as error/cause/try, and becomes exit code 1.
  virtual sigstore::Result<int> run(Session& session, const FlagSet& flags,
                                    const std::vector<std::string>& arguments) = 0;
};

// All commands of this build, sorted by path. Generated from the folders.
std::vector<std::unique_ptr<Command>> all_commands();

}  // namespace cosign
