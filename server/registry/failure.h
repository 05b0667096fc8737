// A request that is refused: its status and the error body of the distribution specification ("Error codes").
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/host/message.h"
#include "sigstore/base/result.h"

namespace server::registry {

struct Failure {
  int status = 500;
  std::string code = "UNKNOWN";  // below 500 those of the specification alone, e.g. "MANIFEST_UNKNOWN"
  std::string message;
  std::vector<std::string> details;  // an error of the body for each; may be empty
  sigstore::net::Headers headers;    // beside those of the body
  std::string trouble;  // what is wrong with this machine: for whoever runs the registry, never for a client

  Failure(int s, std::string_view c, std::string m, std::vector<std::string> d = {},
          sigstore::net::Headers h = {})
      : status(s), code(c), message(std::move(m)), details(std::move(d)), headers(std::move(h)) {}
  // What goes wrong below, in the storage or in reading the request's body: 503 when it stops, 507 for a full
  // disk, 4xx for what the client did, else 500.
  Failure(const sigstore::Error& error);  // NOLINT(google-explicit-constructor): so that TRY converts

  // What was acknowledged once and cannot be given now: always 500.
  static Failure lost(const sigstore::Error& error);
};

template <typename T>
using Or = std::expected<T, Failure>;
using Answer = Or<host::Response>;

// `detail` may be empty, and may hold what a client has sent.
[[nodiscard]] inline std::unexpected<Failure> refuse(int status, std::string_view code, std::string message,
                                                     std::string detail = {},
                                                     sigstore::net::Headers headers = {}) {
  std::vector<std::string> details;
  if (!detail.empty()) details.push_back(std::move(detail));
  return std::unexpected(Failure(status, code, std::move(message), std::move(details), std::move(headers)));
}

// The method means nothing at this path; `allowed` do: "GET, HEAD".
[[nodiscard]] std::unexpected<Failure> not_here(const host::Request& request, std::string allowed);

host::Response to_response(const Failure& failure);

}  // namespace server::registry
