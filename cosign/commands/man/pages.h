// The manual pages of all commands and groups.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/command.h"
#include "cosign/args/roff.h"

namespace cosign {

struct ManualPage {
  std::string file;  // "cosign-registry-serve.1"
  std::string text;
};

// The page of a command, of a group, or, when `path` is empty, of the program. Code::invalid_argument for
// another path.
sigstore::Result<ManualPage> manual_page(const CommandTable& commands, const std::vector<std::string>& path,
                                         const PageEdition& edition);

// All pages, that of the program first.
std::vector<ManualPage> manual_pages(const CommandTable& commands, const PageEdition& edition);

}  // namespace cosign
