// Key references as text: nothing is opened.
#pragma once

#include <string>

namespace sigstore::keys {

// The reference without the PIN that it may hold; also where it is no well-formed one.
std::string shown(const std::string& reference);

// Whether it is of a key that is kept elsewhere than in a file: `NAME://…`, `pkcs11:…`.
bool is_kept_elsewhere(const std::string& reference);

}  // namespace sigstore::keys
