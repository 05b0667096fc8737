#include "cosign/args/original.h"

#include <string>

namespace cosign {
namespace {

// Of releases 1.13 (policy), 2.6 and 3.1.
constexpr std::string_view commands =
    " attach attest attest-blob bundle clean completion copy debug dockerfile download env generate "
    "generate-key-pair import-key-pair initialize load login manifest piv-tool pkcs11-tool policy public-key "
    "save "
    "sign sign-blob signing-config tree triangulate trusted-root upload verify verify-attestation "
    "verify-blob "
    "verify-blob-attestation version ";

}  // namespace

bool is_command_of_original(std::string_view word) {
  return word.find(' ') == std::string_view::npos &&
         commands.find(" " + std::string(word) + " ") != std::string_view::npos;
}

}  // namespace cosign
