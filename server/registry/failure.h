// A request that is refused: its status and the error body of the distribution specification ("Error codes").
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/host/message.h"
#include "sigstore/base/result.h"

namespace server::registry {

struct Failure {
  int status = 500;
  std::string code = "UNKNOWN";  // as the specification spells them, e.g. "MANIFEST_UNKNOWN"
  std::string message;
  std::string detail;   // may be empty
  std::string trouble;  // what is wrong with this machine: for whoever runs the registry, never for a client

  Failure(int s, std::string_view c, std::string m, std::string d = {})
      : status(s), code(c), message(std::move(m)), detail(std::move(d)) {}
  // What goes wrong below, in the storage or in reading the request's body: 507 for a full disk, 4xx for what
  // the client did, else 500.
  Failure(const sigstore::Error& error);  // NOLINT(google-explicit-constructor): so that TRY converts

  // What was acknowledged once and cannot be given now: always 500.
  static Failure lost(const sigstore::Error& error);
};

template <typename T>
using Or = std::expected<T, Failure>;
using Answer = Or<host::Response>;

[[nodiscard]] inline std::unexpected<Failure> refuse(int status, std::string_view code, std::string message,
                                                     std::string detail = {}) {
  return std::unexpected(Failure(status, code, std::move(message), std::move(detail)));
}

// The method means nothing at this path.
[[nodiscard]] std::unexpected<Failure> not_here(const host::Request& request);

host::Response to_response(const Failure& failure);

}  // namespace server::registry
