// --max-workers, for every command that does several things at a time.
#pragma once

#include <string>

#include "cosign/args/flag_set.h"

namespace cosign {

// `target` holds the default. A number below 1 is an error; one above limits::most_workers means that many.
Flag& declare_workers(FlagSet& flags, int* target, std::string help);

}  // namespace cosign
