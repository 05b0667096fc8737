// Quirks of other registries, for tests of clients.
#pragma once

#include <functional>
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

  // `registry` with its quirks, behind its guard. Where one of them needs another host, that one listens when
  // this returns, as `like` says but at 127.0.0.2. `env` and what the roles stand on outlive this. Errors: of
  // Listener::start.
  using Guard = std::function<server::host::Role(server::host::Role)>;
  sigstore::Result<server::host::Role> around(server::host::Role registry, const Guard& guard,
                                              const sigstore::net::ListenerOptions& like,
                                              const sigstore::Env& env);
};

struct PlayFlags {
  std::vector<std::string> names;
  std::string elsewhere;
  bool referrers = true;

  void declare(FlagSet& flags);
  // `tokens`: whether the registry gives out tokens. Code::invalid_argument for a quirk that needs them.
  [[nodiscard]] sigstore::Result<Play> open(bool tokens) const;
};

}  // namespace cosign::serve
