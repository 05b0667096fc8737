// Instants as HTTP writes them (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"

namespace sigstore::net {

std::string http_date(Time time);
Result<Time> parse_http_date(std::string_view text);  // that form alone; Code::malformed

}  // namespace sigstore::net
