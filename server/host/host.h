// A long-running role behind a listener: its requests and answers as values, an observer's note of each, an
// orderly end. What stands before the role (guard.h) is a role itself.
#pragma once

#include <functional>
#include <string>

#include "server/host/message.h"
#include "server/host/observer.h"
#include "sigstore/base/env.h"
#include "sigstore/net/server/listener.h"

namespace server::host {

struct HostOptions {
  sigstore::net::ListenerOptions listener;
  Observers observers{};
  std::chrono::milliseconds grace = std::chrono::seconds(10);  // for running requests, at the end
  std::function<void()> every_minute{};                        // housekeeping, while it serves
};

// The handler of a listener. All that the options point to outlives it.
sigstore::net::Handler make_handler(const sigstore::Clock& clock, const HostOptions& options, Role role);

// Listens, calls `listening` with the bound address ("127.0.0.1:5000"), and returns when the run is
// interrupted (Clock::sleep says so) and running requests are done. Errors: those of Listener::start.
sigstore::Result<void> serve(const sigstore::Env& env, const HostOptions& options, Role role,
                             const std::function<void(const std::string& address)>& listening);

}  // namespace server::host
