// HOST:PORT as flags take it: "127.0.0.1:5000", "[::1]:0", ":5000" (all addresses), "localhost:5000".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace server::host {

struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;

  // Code::invalid_argument names `flag`.
  static sigstore::Result<Address> parse(std::string_view text, std::string_view flag);
  friend bool operator==(const Address&, const Address&) = default;
};

}  // namespace server::host
