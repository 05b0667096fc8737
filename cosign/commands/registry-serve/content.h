// What a registry takes.
#pragma once

#include "cosign/args/flag_set.h"
#include "server/registry/registry.h"

namespace cosign::serve {

struct ContentFlags {
  bool sparse = false;

  void declare(FlagSet& flags);
  void apply(server::registry::Options& options) const { options.sparse = sparse; }
};

}  // namespace cosign::serve
