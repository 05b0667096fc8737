// How much a registry takes, from everybody and from one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "cosign/args/flag_set.h"
#include "server/host/message.h"
#include "server/host/rate.h"
#include "sigstore/content/quota.h"
#include "sigstore/net/server/listener.h"

namespace cosign::serve {

struct LimitFlags {
  bool read_only = false;
  std::uint64_t upload_limit = 0, storage_limit = 0;
  int rate_limit = 0, connections = 1024, connections_per_client = 256;
  std::chrono::nanoseconds idle_timeout = sigstore::limits::idle_timeout;

  void declare(FlagSet& flags);
  // Code::invalid_argument.
  [[nodiscard]] sigstore::Result<void> apply(sigstore::net::ListenerOptions& options) const;
  // Puts the bounds around `content`; the result says what they admit, and is empty where there are none. It
  // is good for as long as `content`.
  using Admit = std::function<sigstore::Result<void>(std::uint64_t bytes)>;
  [[nodiscard]] sigstore::Result<Admit> bound(std::unique_ptr<sigstore::content::Store>& content) const;
  // Null where there is none.
  [[nodiscard]] sigstore::Result<std::unique_ptr<server::host::Buckets>> rate(
      const sigstore::Clock& clock) const;
  // The role, within what is declared above.
  [[nodiscard]] server::host::Role limit(server::host::Role role, Admit admit) const;
};

}  // namespace cosign::serve
