// What a check has found, for people and for programs.
#pragma once

#include <string>

#include "server/registry/check.h"

namespace cosign::check_registry {

std::string as_text(const server::registry::CheckReport& report);
// docs/formats/registry-folder.md.
std::string as_json(const server::registry::CheckReport& report);

}  // namespace cosign::check_registry
