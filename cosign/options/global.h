// The flags of the program itself, accepted before and after any command.
#pragma once

#include <chrono>
#include <string>

#include "cosign/args/flag_set.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct GlobalOptions {
  std::string output_file;  // results go here instead of stdout
  bool verbose = false;
  std::chrono::nanoseconds timeout = sigstore::limits::command_timeout;  // of the whole run; 0: no limit

  void declare(FlagSet& flags);
};

}  // namespace cosign
