// What a command is: its words, its flags, its manual, and what it does. One folder under commands/ per
// command; leaves() generates the table of all. From one description come parsing, --help, completion and the
// manual.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cosign/args/flag_set.h"
#include "sigstore/base/result.h"

namespace cosign {

class Session;

class Command {
 public:
  virtual ~Command() = default;
  [[nodiscard]] virtual std::vector<std::string> path() const = 0;  // {"registry", "serve"}
  [[nodiscard]] virtual std::string usage() const = 0;              // "IMAGE..." after the path
  [[nodiscard]] virtual std::string summary() const = 0;            // one line, no full stop
  // help.md, embedded by command(): paragraphs, "- " lists, "## Heading" and fenced blocks; a "# Title" is
  // dropped. Examples are a "## Examples" section with a fenced block. The flags are not repeated here.
  [[nodiscard]] virtual std::string manual() const = 0;
  [[nodiscard]] virtual std::pair<int, int> arguments() const { return {0, -1}; }  // least, most (-1: any)
  // Moves as much as there is: --timeout is for it only where somebody gave one.
  [[nodiscard]] virtual bool takes_its_time() const { return false; }
  virtual void declare(FlagSet& flags) = 0;
  // The exit code (cosign/ui/exit_codes.h). An Error is printed once, as error/cause/try, and becomes exit
  // code 1.
  virtual sigstore::Result<int> run(Session& session, const FlagSet& flags,
                                    const std::vector<std::string>& arguments) = 0;
};

// All commands of this build, sorted by path. The program makes it; a command sees it as Session::commands().
using CommandTable = std::vector<std::unique_ptr<Command>>;

}  // namespace cosign
