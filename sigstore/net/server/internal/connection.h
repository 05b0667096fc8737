// One accepted connection: reads requests, hands them to the handler, writes the answers, until either side
// ends it.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "sigstore/net/server/internal/wire.h"
#include "sigstore/net/server/listener.h"

namespace sigstore::net {

class Connection {
 public:
  // `options` and `handler` outlive it. `tls` is null for plain HTTP.
  Connection(int fd, std::string peer, const ListenerOptions& options, const Handler& handler,
             std::shared_ptr<SSL_CTX> tls);
  ~Connection();

  void serve();  // returns when the connection is over
  // From any thread. finish() ends it now when it is between requests, else after the running one;
  // interrupt() lets nothing more be read.
  void finish();
  void interrupt();
  void cut() const { wire_.cut(); }

  [[nodiscard]] const std::string& network() const { return network_; }
  // Since when it is between requests; nullopt within one.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> silent_since() const;

 private:
  class Session;
  Wire wire_;
  std::string peer_;
  const std::string network_;  // of the peer
  const ListenerOptions& options_;
  const Handler& handler_;
  const std::shared_ptr<SSL_CTX> tls_;
  std::string client_;  // that its certificate names
  std::atomic<bool> busy_ = false;
  std::atomic<bool> finishing_ = false;
  std::atomic<bool> interrupted_ = false;
  std::atomic<std::chrono::steady_clock::time_point> silent_since_;
};

}  // namespace sigstore::net
