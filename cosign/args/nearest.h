// The word that a person probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cosign {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours), if few enough for its
// length, or the only one that starts with `typed`; else "". The first of equals.
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace cosign
