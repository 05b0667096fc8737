// GET /healthz: does the service work? For load balancers and monitors, so outside of any guard, cheap, and
// without a word about this machine.
#pragma once

#include <functional>
#include <string>

#include "server/host/message.h"

namespace server::host {

struct HealthOptions {
  // Tries what the service stands on. Called by one thread at a time, once a second at most.
  std::function<sigstore::Result<void>()> check;
  // Told each time it begins to fail. May be empty.
  std::function<void(const std::string& line)> trouble;
};

// 200 {"status":"ok"}, or 503 {"status":"unavailable","reason":"…"}; all else goes to `role`. `clock` and
// what the options hold outlive the result.
Role with_health(Role role, const sigstore::Clock& clock, HealthOptions options);

}  // namespace server::host
