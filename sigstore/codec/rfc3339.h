// RFC 3339 instants, always UTC on output.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"

namespace sigstore::codec::rfc3339 {

std::string seconds(Time time);               // 2026-07-24T00:00:00Z
Result<Time> parse(std::string_view text);    // fraction and numeric offset accepted; Code::malformed otherwise

}  // namespace sigstore::codec::rfc3339
