// The groups of quirks, each in its own file.
#pragma once

#include "server/registry/play/quirk.h"

namespace server::registry::play {

std::vector<Quirk> absent_quirks();     // what is said of what is not there
std::vector<Quirk> referrers_quirks();  // the referrers API
std::vector<Quirk> tags_quirks();       // tags that do not move, or fail to
std::vector<Quirk> refusing_quirks();   // content that is not taken
std::vector<Quirk> busy_quirks();       // not now
std::vector<Quirk> forms_quirks();      // answers that are right, in another form
std::vector<Quirk> elsewhere_quirks();  // another host

}  // namespace server::registry::play
