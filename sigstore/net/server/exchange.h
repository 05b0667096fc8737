// One HTTP/1.1 request and its response, as the handler of a server sees them (RFC 9110, RFC 9112).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Belongs to one thread for the length of one handler call. Reading and responding block.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // As sent: "GET", "PATCH", …
  [[nodiscard]] virtual const std::string& method() const = 0;
  // In origin form, not decoded: "/v2/a/tags/list?n=5".
  [[nodiscard]] virtual const std::string& target() const = 0;
  [[nodiscard]] virtual const Headers& headers() const = 0;
  [[nodiscard]] virtual const std::string& peer() const = 0;  // "127.0.0.1:40312", "[::1]:40312"
  [[nodiscard]] virtual bool encrypted() const = 0;           // over TLS
  // The common name of the certificate that the client had to show; "" where it had not.
  [[nodiscard]] virtual const std::string& client_name() const = 0;

  // --- the request's body, of any size and framing
  [[nodiscard]] virtual std::optional<std::uint64_t> content_length() const = 0;  // nullopt: chunked
  // Fills `out` from the start; returns the bytes read, 0 at the end. Code::unreachable when the client is
  // gone, timeout when it is too slow, too_large above ListenerOptions::body_bytes, malformed for bad
  // framing, unavailable when the server stops. After an error the handler may still respond; the connection
  // is then closed.
  virtual Result<std::size_t> read(std::span<std::uint8_t> out) = 0;
  // The rest of the body; Code::too_large above `max`.
  Result<std::string> read_all(std::size_t max);

  // --- the response, once; a second one is Code::internal. A handler that returns without one answers 500.
  // Content-Length, Date and Connection are added. In the answer to HEAD no body is sent, its size is
  // declared all the same, and a Content-Length among `headers` wins over it. Unread parts of the request's
  // body are dropped, large ones by closing the connection. The errors (unreachable, timeout) are for the log
  // only.
  virtual Result<void> respond(int status, const Headers& headers, std::string_view body = {}) = 0;
  // The body is `length` bytes of `source`. When it ends early or fails, the connection is cut, so that the
  // client sees a truncated body and never a wrong one.
  virtual Result<void> respond(int status, const Headers& headers, FileReader& source,
                               std::uint64_t length) = 0;
  [[nodiscard]] virtual int status() const = 0;  // of the response; 0 before it
};

// Called for many exchanges at once, each on a thread of its own. An exception answers 500 and closes.
using Handler = std::function<void(Exchange&)>;

}  // namespace sigstore::net
