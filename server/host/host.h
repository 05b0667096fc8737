// A long-running role behind listeners: its requests and answers as values, an observer's note of each, an
// orderly end. What stands before the role (guard.h, health.h) is a role itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/host/message.h"
#include "server/host/observer.h"
#include "sigstore/base/env.h"
#include "sigstore/net/server/listener.h"

namespace server::host {

// The handler of a listener. All that the arguments point to outlives it. Answers that refuse carry the
// request's id as X-Request-Id.
sigstore::net::Handler make_handler(const sigstore::Env& env, Observers observers, Role role);

class Host {
 public:
  // What `env` points to outlives it.
  explicit Host(const sigstore::Env& env) : env_(env) {}

  // Serves `role` on each of `places`; returns the bound addresses ("127.0.0.1:5000"). What it was given
  // outlives the host. Errors: those of Listener::start.
  sigstore::Result<std::vector<std::string>> listen(const std::vector<sigstore::net::ListenerOptions>& places,
                                                    const Observers& observers, const Role& role);
  // Returns when the run is interrupted (Clock::sleep says so). Housekeeping is done meanwhile.
  void wait(const std::function<void()>& every_minute = {}) const;
  // Nobody new; running requests may end within `grace`, all together.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(10));

 private:
  sigstore::Env env_;
  std::vector<std::unique_ptr<sigstore::net::Listener>> listeners_;
};

}  // namespace server::host
