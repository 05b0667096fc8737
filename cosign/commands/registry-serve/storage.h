// Where a registry keeps what it has.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "server/registry/registry.h"

namespace cosign::serve {

struct Storage {
  std::unique_ptr<sigstore::FileLock> lock;  // of the folder, where there is one
  std::unique_ptr<sigstore::content::Store> content;
  std::unique_ptr<server::registry::Catalogue> catalogue;
};

struct StorageFlags {
  std::string folder;
  bool memory = false;
  std::vector<std::string> layouts;

  void declare(FlagSet& flags);
  // `env` outlives the result.
  [[nodiscard]] sigstore::Result<Storage> open(const sigstore::Env& env) const;
  // What --load names.
  [[nodiscard]] sigstore::Result<void> fill(server::registry::Registry& registry,
                                            sigstore::Files& files) const;
};

}  // namespace cosign::serve
