// The commands of Sigstore's own cosign: who types one that is not here is not told that it is unknown.
#pragma once

#include <string_view>

namespace cosign {

// The first word of a command of cosign 1.x to 3.x.
bool is_command_of_original(std::string_view word);

}  // namespace cosign
