// What `cosign tree` prints for people, as the original has it.
#pragma once

#include <string>

#include "sigstore/store/tree.h"

namespace cosign {

std::string as_text(const sigstore::store::Tree& tree);

}  // namespace cosign
