#include "cosign/args/original.h"

#include <algorithm>
#include <array>

namespace cosign {
namespace {

constexpr std::string_view original_works =
    "Sigstore's own cosign has it, and works with the same keys and images";
constexpr std::string_view no_token =
    "sign with a key file (cosign generate-key-pair), or with Sigstore's own cosign on the token: what it "
    "signs is verified here, with the token's public key";
constexpr std::string_view no_services =
    "none is needed to sign with --key and --tlog-upload=false; what Sigstore's own cosign makes is the same "
    "file";

// Of releases 1.13 (policy), 2.6 and 3.1.
constexpr std::array commands = {
    LaterCommand{"attach attestation", original_works},
    LaterCommand{"attach sbom", original_works},
    LaterCommand{"attach signature", original_works},
    LaterCommand{"attest", original_works},
    LaterCommand{"attest-blob", original_works},
    LaterCommand{"bundle create", original_works},
    LaterCommand{"bundle inspect", original_works},
    LaterCommand{
        "bundle upgrade",
        "bundles of every version are verified here as they are; to rewrite one asks the log that it is in, "
        "which Sigstore's own cosign does"},
    LaterCommand{"clean", original_works},
    LaterCommand{"copy", original_works},
    LaterCommand{"debug providers", "there are no identities here yet to sign with: sign with --key"},
    LaterCommand{"dockerfile verify", original_works},
    LaterCommand{"download attestation", original_works},
    LaterCommand{"download sbom", original_works},
    LaterCommand{"download signature", original_works},
    LaterCommand{"env", original_works},
    LaterCommand{"generate", original_works},
    LaterCommand{"initialize",
                 "there is nothing to initialize for --key: sign with --tlog-upload=false, verify with "
                 "--insecure-ignore-tlog=true"},
    LaterCommand{"load", original_works},
    LaterCommand{"manifest verify", original_works},
    LaterCommand{"piv-tool", no_token},
    LaterCommand{"pkcs11-tool", no_token},
    LaterCommand{"policy init", "only releases 1.x of Sigstore's own cosign have it"},
    LaterCommand{"policy sign", "only releases 1.x of Sigstore's own cosign have it"},
    LaterCommand{"save", original_works},
    LaterCommand{"sign-blob", original_works},
    LaterCommand{"signing-config create", no_services},
    LaterCommand{"trusted-root create", no_services},
    LaterCommand{"upload blob", original_works},
    LaterCommand{"upload wasm", original_works},
    LaterCommand{"verify-attestation", original_works},
    LaterCommand{"verify-blob", original_works},
    LaterCommand{"verify-blob-attestation", original_works},
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
