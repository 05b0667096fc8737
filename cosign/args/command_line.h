// The command line, read by pflag's grammar as the original uses it:
//
//   --name VALUE, --name=VALUE, -n VALUE, -nVALUE, -n=VALUE, --bool, --bool=false, -ab (a is a boolean)
//
// An option takes exactly one value: the next word, even if it begins with '-'. The last of repeated scalars
// wins. `--bool false` leaves `false` a positional. Options stand anywhere, also before the command; `--`
// ends them. From the original's argv fixer: -name is --name where there is such a flag and --n is -n, each
// with a warning, and -version is `version`. Unlike there, -ojson and -a=k=v are letters with their values,
// and neither values nor words after `--` are ever rewritten.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/command.h"
#include "cosign/args/from_variable.h"
#include "sigstore/base/env.h"

namespace cosign {

struct Invocation {
  Command* command = nullptr;          // nullptr: the help of the program or of the group `path`
  std::vector<std::string> path;       // the words of the command or group
  bool help = false;                   // --help or `cosign help`
  std::vector<std::string> arguments;  // positionals
  std::vector<std::string> warnings;   // a line each
  std::vector<FromVariable> from_variables;
};

// `words` without the program's name; `flags` holds the program's own flags, and the command's are declared
// into it. Flags that were not on the command line are taken from their variables (empty counts as unset).
// Errors are Code::invalid_argument, in the original's words; the hint names the nearest flag or command.
sigstore::Result<Invocation> parse_command_line(const std::vector<std::string>& words,
                                                const CommandTable& commands,
                                                const sigstore::Variables& variables, FlagSet& flags);

// "cosign registry serve"
std::string spoken(const std::vector<std::string>& path);

}  // namespace cosign
