// Asking a mirror: a refresh whose result is not written yet. For trust_cache only.
#pragma once

#include <string>
#include <vector>

#include "sigstore/trust_cache/cache.h"
#include "sigstore/trust_cache/internal/overlay.h"

namespace sigstore::trust_cache {

struct Asked {
  State state;
  Changes changes;  // by path below the folder of all mirrors
};

// Code::invalid_argument for one whose folder would have no name of its own.
Result<void> check_mirror(const std::string& mirror);

enum class Start {
  kept,  // from the root that is kept, or place.root where there is none or it is damaged
  anew,  // from place.root, as if nothing were kept
};

// Errors: those of tuf::Updater, of `mirror` and of place.check; Code::not_found when there is no root to
// start from.
Result<Asked> ask(tuf::Repository& mirror, const Shelf& shelf, const Place& place, Time now,
                  const std::vector<std::string>& names, Start start);

}  // namespace sigstore::trust_cache
