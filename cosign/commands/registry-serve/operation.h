// What whoever runs a registry sees of it: the log, health and metrics.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "server/host/access_log.h"
#include "server/host/health.h"
#include "server/host/metrics.h"
#include "server/host/service_manager.h"
#include "sigstore/content/store.h"
#include "sigstore/net/server/listener.h"

namespace cosign {
class Session;
}

namespace cosign::serve {

using HealthCheck = std::function<sigstore::Result<void>()>;

// Outlives all that it gives away.
class Operation {
 public:
  // `log` may be null. `apart`: where health and metrics are, when not beside the registry.
  Operation(Session& session, std::unique_ptr<server::host::AccessLog> log, bool log_is_stderr,
            std::optional<sigstore::net::ListenerOptions> apart);

  [[nodiscard]] server::host::Observers observers();
  [[nodiscard]] server::host::Metrics& metrics() { return metrics_; }
  [[nodiscard]] sigstore::net::ConnectionCounts& connections() { return connections_; }
  // What is wrong on this machine: on stderr, and in the log.
  void trouble(const std::string& line) const;

  // /metrics, for behind a guard, and /healthz, for before it. Unchanged when they are served apart.
  [[nodiscard]] server::host::Role with_metrics(server::host::Role role) const;
  [[nodiscard]] server::host::Role with_health(server::host::Role role, HealthCheck check) const;

  [[nodiscard]] const std::optional<sigstore::net::ListenerOptions>& apart() const { return apart_; }
  [[nodiscard]] server::host::Role apart_role(HealthCheck check) const;

 private:
  [[nodiscard]] server::host::Role health(server::host::Role role, HealthCheck check) const;

  Session& session_;
  const std::unique_ptr<server::host::AccessLog> log_;
  const bool log_is_stderr_;
  const std::optional<sigstore::net::ListenerOptions> apart_;
  sigstore::net::ConnectionCounts connections_;
  server::host::Metrics metrics_;
};

// Bytes of all content, counted at most once a minute, when somebody asks; NaN when that cannot be done. For
// Metrics::gauge. `content` and `clock` outlive it.
std::function<double()> content_bytes(sigstore::content::Store& content, const sigstore::Clock& clock);

struct OperationFlags {
  std::string log;
  std::string metrics_address;

  void declare(FlagSet& flags);
  // Takes a socket of the name "metrics" out of `sockets`. `session` outlives the result.
  [[nodiscard]] sigstore::Result<std::unique_ptr<Operation>> open(
      Session& session, std::vector<server::host::PassedSocket>& sockets) const;
};

}  // namespace cosign::serve
