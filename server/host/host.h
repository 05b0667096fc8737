// A long-running role behind a listener: who may come in, one log line per request, an orderly end.
#pragma once

#include <functional>
#include <string>

#include "server/host/access_log.h"
#include "server/host/htpasswd.h"
#include "server/host/message.h"
#include "sigstore/base/env.h"
#include "sigstore/net/server/listener.h"

namespace server::host {

struct HostOptions {
  sigstore::net::ListenerOptions listener;
  Htpasswd* users = nullptr;                                   // null: everybody may come in
  const AccessLog* log = nullptr;                              // null: none
  std::string realm;                                           // shown with the question for a password
  std::chrono::milliseconds grace = std::chrono::seconds(10);  // for running requests, at the end
};

// The handler of a listener: role, log and users in one. All of them outlive it.
sigstore::net::Handler make_handler(const sigstore::Clock& clock, const HostOptions& options, Role role);

// Listens, calls `listening` with the bound address ("127.0.0.1:5000"), and returns when the run is
// interrupted (Clock::sleep says so) and running requests are done. Errors: those of Listener::start.
sigstore::Result<void> serve(const sigstore::Env& env, const HostOptions& options, Role role,
                             const std::function<void(const std::string& address)>& listening);

}  // namespace server::host
