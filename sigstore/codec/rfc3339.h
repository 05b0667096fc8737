// RFC 3339 instants, always UTC on output.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/env.h"

namespace sigstore::codec::rfc3339 {

std::string seconds(Time time);       // 2026-07-24T00:00:00Z
std::string milliseconds(Time time);  // 2026-07-24T00:00:00.000Z, cut off
// A fraction and a numeric offset are accepted; Code::malformed otherwise, Code::unsupported for an instant
// that Time cannot hold (before 1678, after 2261). Leap seconds are refused, as Go does.
Result<Time> parse(std::string_view text);

}  // namespace sigstore::codec::rfc3339
