// Percent-encoding (RFC 3986, 2.1).
#pragma once

#include <string>
#include <string_view>

namespace sigstore::codec {

// Everything but unreserved characters (2.3), and those in `also`, which stand as they are.
std::string percent_encode(std::string_view text, std::string_view also = {});

}  // namespace sigstore::codec
