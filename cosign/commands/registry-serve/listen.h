// Where a registry listens, and whether with TLS.
#pragma once

#include <functional>
#include <string>

#include "cosign/args/flag_set.h"
#include "sigstore/base/env.h"
#include "sigstore/net/server/listener.h"

namespace cosign::serve {

struct ListenFlags {
  std::string address = "127.0.0.1:5000";
  std::string certificate, key, client_ca;

  void declare(FlagSet& flags);
  // Code::invalid_argument, not_found. `trouble` is told what goes wrong later.
  using Trouble = std::function<void(const std::string& line)>;
  [[nodiscard]] sigstore::Result<sigstore::net::ListenerOptions> options(const sigstore::Env& env,
                                                                         Trouble trouble) const;
};

}  // namespace cosign::serve
