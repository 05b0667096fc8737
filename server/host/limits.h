// A role that does less: what it may not be asked is refused before it.
#pragma once

#include <cstdint>
#include <functional>

#include "server/host/message.h"
#include "sigstore/base/result.h"

namespace server::host {

// 405 UNSUPPORTED to all but GET and HEAD.
Role read_only(Role role);

// Asks `admit` about every body whose size is declared, before any of it is read. Its Code::too_large is 413
// SIZE_INVALID, any other error 507 STORAGE_FULL.
Role sized(Role role, std::function<sigstore::Result<void>(std::uint64_t bytes)> admit);

}  // namespace server::host
