// The two ways SystemFiles::create writes, and what appending shares with them. For base/system only.
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

std::string folder_of(const std::string& path);
// Makes the names in a folder durable. 0, or an errno. File systems that cannot sync a folder say EINVAL;
// nothing is lost then.
int sync_folder(const std::string& folder);

}  // namespace sigstore::system
