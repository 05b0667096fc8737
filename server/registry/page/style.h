// How the pages look: one style sheet, within the page, named in its policy by its hash.
#pragma once

#include <string>

namespace server::registry::page {

std::string_view style_text();
// Content-Security-Policy: nothing is loaded, nothing runs, nobody frames it; this style alone.
std::string policy();

}  // namespace server::registry::page
