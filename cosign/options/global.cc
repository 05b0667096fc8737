#include "cosign/options/global.h"

namespace cosign {

void GlobalOptions::declare(FlagSet& flags) {
  flags
      .text("output-file", &output_file, "FILE",
            "write results to FILE instead of standard output; it is replaced when they are complete")
      .section = Section::global;
  flags.duration("timeout", &timeout, "give up after working this long; 0 for no limit", 't').section =
      Section::global;
  flags.boolean("verbose", &verbose, "show requests and answers, without secrets, on standard error", 'd')
      .section = Section::global;
}

}  // namespace cosign
