// The word that a person probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cosign {

// The only candidate that starts with `typed`; else the one with the fewest edits (insert, delete, replace,
// swap of neighbours), if few enough for its length, the first of equals; else "".
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace cosign
