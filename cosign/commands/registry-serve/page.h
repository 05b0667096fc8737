// The page that a browser is shown.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "server/registry/page/page.h"
#include "sigstore/keys/provider.h"

namespace cosign::serve {

struct PageFlags {
  bool page = true;
  std::vector<std::string> keys;

  void declare(FlagSet& flags);
  // Null: no page. `external_url` as of AccessFlags, or empty. What `context` and the shelves lead to
  // outlives the result. Errors: those of a key that cannot be opened; Code::invalid_argument.
  [[nodiscard]] sigstore::Result<std::unique_ptr<server::registry::page::Pages>> open(
      const sigstore::keys::Context& context, const server::registry::page::Shelves& shelves,
      const std::string& external_url) const;
};

}  // namespace cosign::serve
