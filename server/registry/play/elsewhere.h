// What the other host of a registry serves, for quirks that send clients there.
#pragma once

#include "server/registry/play/quirk.h"

namespace server::registry::play {

// Blobs at the addresses that "redirect-blobs" gives out, 400 for whoever sends an Authorization header
// along; and the guard's tokens.
host::Role elsewhere(const Stage& stage);

}  // namespace server::registry::play
