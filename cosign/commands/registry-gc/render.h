// A garbage collector's plan, for people and for programs.
#pragma once

#include <string>

#include "server/registry/gc.h"

namespace cosign::gc {

// A line for each thing that is not needed, and a last one with the sums. `deleted`: it is gone.
std::string as_text(const server::registry::GcPlan& plan, bool deleted);
// docs/formats/registry-folder.md.
std::string as_json(const server::registry::GcPlan& plan, bool deleted);

}  // namespace cosign::gc
