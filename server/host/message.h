// A request and its response as values, so that a role of this program (a registry, later a log or an
// authority) is a function from one to the other and can be tested without a socket.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace server::host {

// Everything it points to outlives the call that it is given to.
struct Request {
  std::string_view method;                      // as sent
  std::string_view target;                      // path and query, not decoded
  const sigstore::net::Headers* headers;        // never null
  std::optional<std::uint64_t> content_length;  // nullopt: not known before it ends
  sigstore::FileReader* body;                   // never null; errors as of net::Exchange::read
  std::string_view user{};                      // who is logged in, or whom the certificate names
  std::string_view peer{};                      // "127.0.0.1:40312", "[::1]:40312"
  bool encrypted = false;                       // came over TLS
  bool scoped = false;                          // by a token: good for what it names alone

  [[nodiscard]] bool reads() const { return method == "GET" || method == "HEAD"; }
  [[nodiscard]] std::string_view path() const { return target.substr(0, target.find('?')); }
};

// The body is `source` (its next `length` bytes) where there is one, else `text`. In the answer to HEAD
// neither is sent, but the size is declared.
struct Response {
  int status = 200;
  sigstore::net::Headers headers{};
  std::shared_ptr<const std::string> text{};
  std::unique_ptr<sigstore::FileReader> source{};
  std::uint64_t length = 0;
  // --- for observers
  std::string user{};        // whom it is for, where that was asked
  std::string_view route{};  // what kind of thing was asked for: a literal of the role's, one of a few
  std::string repository{};  // or whatever else the role's things belong to

  [[nodiscard]] std::uint64_t size() const { return source ? length : text ? text->size() : 0; }
};

// Called from many threads at once.
using Role = std::function<Response(const Request&)>;

}  // namespace server::host
