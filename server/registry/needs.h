// What a request to the registry needs of a token (distribution's token authentication): "pull" to read,
// "push" to write, "delete" to delete what was pushed; a mount also "pull" of where it comes from.
#pragma once

#include "server/host/grant.h"
#include "server/host/message.h"

namespace server::registry {

// Nothing for what belongs to no repository.
host::Grants needs(const host::Request& request);

}  // namespace server::registry
