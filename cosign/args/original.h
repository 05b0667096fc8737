// The commands of Sigstore's own cosign: who types one that is not here is not told that it is unknown.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace cosign {

struct LaterCommand {
  std::string_view path;     // "bundle upgrade"
  std::string_view instead;  // what to do in its stead: a sentence
};

// Those of cosign 1.x to 3.x that are missing here.
std::span<const LaterCommand> later_commands();

// What to do instead of `path`, which is one of these or a group of them ("signing-config"); nullopt when no
// cosign has it.
std::optional<std::string_view> instead_of(std::string_view path);

}  // namespace cosign
