// Durations as Go writes them: "3m0s", "1.5h", "300ms", "-2m"; "0" needs no unit.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace cosign {

// Units ns, us, µs, ms, s, m, h. Code::invalid_argument; the message is the reason alone.
sigstore::Result<std::chrono::nanoseconds> parse_duration(std::string_view text);
std::string duration_text(std::chrono::nanoseconds duration);

}  // namespace cosign
