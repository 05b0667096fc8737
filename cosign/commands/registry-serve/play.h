// Quirks of other registries, for tests of clients.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "server/registry/play/quirk.h"
#include "sigstore/base/env.h"
#include "sigstore/net/server/listener.h"

namespace cosign::serve {

// What is played in one run. Its other listener ends with it.
struct Play {
  std::vector<const server::registry::play::Quirk*> quirks;
  std::string outer;  // --play-elsewhere
  std::unique_ptr<sigstore::net::Listener> other;

  // `registry` with its quirks. Where one of them needs another host, that one listens when this returns, as
  // `like` says but at 127.0.0.2. `env` and what the role stands on outlive this. Errors: of
  // Listener::start.
  sigstore::Result<server::host::Role> around(server::host::Role registry,
                                              const sigstore::net::ListenerOptions& like,
                                              const sigstore::Env& env);
};

struct PlayFlags {
  std::vector<std::string> names;
  std::string elsewhere;
  bool referrers = true;

  void declare(FlagSet& flags);
  [[nodiscard]] sigstore::Result<Play> open() const;
};

}  // namespace cosign::serve
