// Key references before a person sees them.
#pragma once

#include <string>

namespace sigstore::keys {

// The reference without the PIN that it may hold; also where it is no well-formed one.
std::string shown(const std::string& reference);

}  // namespace sigstore::keys
