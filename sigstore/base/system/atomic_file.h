// The two ways SystemFiles::create writes. For base/system only.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"

namespace sigstore::system {

// `target` is the final name, links already followed; `shown` is how the user named it.
Result<std::unique_ptr<AtomicFile>> create_beside(const std::string& target, const std::string& shown,
                                                  unsigned mode, Random& random);

// For pipes, terminals and devices: kept in memory until commit(), then written in place.
std::unique_ptr<AtomicFile> create_in_place(const std::string& path);

}  // namespace sigstore::system
