// Where a registry listens, and whether with TLS.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "server/host/service_manager.h"
#include "sigstore/base/env.h"
#include "sigstore/net/server/listener.h"

namespace cosign::serve {

struct ListenFlags {
  std::vector<std::string> addresses = {"127.0.0.1:5000"};
  std::string certificate, key, client_ca;
  using Trouble = std::function<void(const std::string& line)>;

  void declare(FlagSet& flags);
  // One for each address, or for each socket that was passed instead of --addr. `trouble` is told what goes
  // wrong later. Code::invalid_argument, not_found.
  [[nodiscard]] sigstore::Result<std::vector<sigstore::net::ListenerOptions>> places(
      const sigstore::Env& env, const FlagSet& flags, const std::vector<server::host::PassedSocket>& sockets,
      const Trouble& trouble) const;

 private:
  // All but the address.
  [[nodiscard]] sigstore::Result<sigstore::net::ListenerOptions> options(const sigstore::Env& env,
                                                                         Trouble trouble) const;
};

}  // namespace cosign::serve
