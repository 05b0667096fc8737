// --type, for every command that makes or verifies attestations.
#pragma once

#include <string>

#include "cosign/args/flag_set.h"

namespace cosign {

// A short name or a URI; the short names are suggested to whoever completes it.
Flag& declare_type(FlagSet& flags, std::string* target, std::string help);

}  // namespace cosign
