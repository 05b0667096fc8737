#include "cosign/args/original.h"

#include <algorithm>
#include <array>

namespace cosign {
namespace {

constexpr std::string_view no_token =
    "prepare the token with its own tool (ykman), and sign with --key pkcs11:… (docs/pkcs11.md); the module "
    "of a YubiKey is libykcs11.so";

// Of releases 1.13 (policy), 2.6 and 3.1; the rest of theirs is here.
constexpr std::array commands = {
    LaterCommand{"debug providers", "there are no identities here yet to sign with: sign with --key"},
    LaterCommand{"piv-tool", no_token},
    LaterCommand{"policy init", "only releases 1.x of Sigstore's own cosign have it"},
    LaterCommand{"policy sign", "only releases 1.x of Sigstore's own cosign have it"},
};

}  // namespace

std::span<const LaterCommand> later_commands() {
  return commands;
}

std::optional<std::string_view> instead_of(std::string_view path) {
  const auto meant = [&](const LaterCommand& command) {
    return command.path.starts_with(path) &&
           (command.path.size() == path.size() || command.path[path.size()] == ' ');
  };
  const auto found = std::ranges::find_if(commands, meant);
  if (path.empty() || found == commands.end()) return std::nullopt;
  return found->instead;
}

}  // namespace cosign
