// The roots that are built in: public/README.md says where they are from.
#pragma once

#include <string>

namespace sigstore::trust_cache {

std::string production_root();  // root.json of the public Sigstore
std::string staging_root();     // and of its staging instance

}  // namespace sigstore::trust_cache
