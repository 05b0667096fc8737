// All that can still be known of a registry: from its journal, and where that is damaged, from its database.
#pragma once

#include <memory>
#include <string>

#include "server/registry/finding.h"
#include "server/registry/index.h"
#include "sigstore/base/env.h"

namespace server::registry {

struct Salvaged {
  std::unique_ptr<Index> index;  // a temporary one
  Findings findings;
  bool journal_is_damaged = false;  // or gone
};

// The folder is only read, but for what SQLite does to a database that was not closed. Errors: io, disk_full.
sigstore::Result<Salvaged> salvage(sigstore::Files& files, const std::string& folder);

}  // namespace server::registry
