// --platform, for every command that takes one image of an index.
#pragma once

#include <optional>
#include <string>

#include "cosign/args/flag_set.h"
#include "sigstore/oci/platform.h"

namespace cosign {

// `target` stays nullopt when no platform is asked for.
Flag& declare_platform(FlagSet& flags, std::optional<sigstore::oci::Platform>* target, std::string help);

}  // namespace cosign
