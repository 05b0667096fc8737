// The status line and headers of a response.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/net/transport.h"

namespace sigstore::net {

struct ResponseHead {
  int status = 0;
  const Headers* headers = nullptr;
  std::uint64_t length = 0;  // of the body
  bool to_head = false;      // answers HEAD: a Content-Length among the headers wins over `length`
  bool keep = false;
  std::string date;  // empty: none
};

// Ends with the empty line. Code::internal for a name or value that would break the message.
Result<std::string> response_head(const ResponseHead& head);
std::string_view reason_phrase(int status);
bool has_body(int status);  // not 1xx, 204, 304

}  // namespace sigstore::net
