// An HTTP/1.1 server: kept connections, pipelining, TLS. Every bound and time-out is here, none can be off.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"
#include "sigstore/net/server/exchange.h"

namespace sigstore::net {

// What any number of listeners count together, for whoever watches them.
struct ConnectionCounts {
  std::atomic<std::uint64_t> accepted = 0, open = 0;
};

struct ListenerOptions {
  // A literal address or "localhost" (127.0.0.1); "0.0.0.0" is all of IPv4, "::" all there is.
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  // A TCP socket that listens already, instead of address and port; start() takes it, also when it fails.
  int descriptor = -1;

  // PEM files; without a certificate it is plain HTTP. The chain starts with the server's own certificate,
  // the key is not encrypted. With `client_ca_file` clients must show a certificate that one of these issued.
  // Files that change count for connections that come a second later; what cannot be used changes nothing,
  // and is told to `trouble` from the listener's own thread.
  std::string certificate_file, key_file, client_ca_file;
  std::function<void(const std::string& line)> trouble = {};

  // At once. More wait to be accepted; meanwhile those that are silent for a second and longer are closed,
  // the longest silent first. One client (network_of) has so many of them, and more are turned away: 429.
  // At most half of the files that the process may open, so that handlers find some; its limit on them is
  // raised as far as it goes.
  std::size_t connections = 1024;
  std::size_t connections_per_client = 256;
  std::size_t header_bytes = limits::header_bytes;  // request line and headers
  std::uint64_t body_bytes = std::uint64_t{64} * 1024 * limits::mib;

  // From the first byte of a request to the end of its headers.
  Duration header_timeout = std::chrono::seconds(30);
  // Between requests, and without a byte within one.
  Duration idle_timeout = limits::idle_timeout;
  // Bytes per second; slower bodies, either way, are cut off after idle_timeout.
  std::uint64_t slowest_rate = 1024;

  const Clock* clock = nullptr;  // for the Date header; without one there is none. Outlives the listener
  ConnectionCounts* counts = nullptr;  // outlives the listener
};

class Listener {
 public:
  // Listens when it returns. Code::unreachable: the address cannot be used (in use, not ours, privileged);
  // tls: certificate or key cannot be used; invalid_argument: not a literal address, or no listening socket.
  static Result<std::unique_ptr<Listener>> start(const ListenerOptions& options, Handler handler);
  virtual ~Listener() = default;  // stop() without grace

  [[nodiscard]] virtual std::uint16_t port() const = 0;   // the one that is bound
  [[nodiscard]] virtual std::string address() const = 0;  // "127.0.0.1:5000", "[::1]:5000"
  [[nodiscard]] virtual std::uint64_t connections_accepted() const = 0;
  // Accepts nothing more, closes idle connections, lets running exchanges end for up to `grace`. Then reading
  // a body is Code::unavailable, which may still be answered within a second, and all that is left is cut.
  // Returns when no handler runs any more. Not from a handler.
  virtual void stop(std::chrono::milliseconds grace = std::chrono::milliseconds(0)) = 0;
};

}  // namespace sigstore::net
