// The Link header (RFC 8288), as registries use it for pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sigstore/net/transport.h"

namespace sigstore::remote {

// The target of the first link whose relation is "next", as written; nullopt when there is none or the header
// cannot be read.
std::optional<std::string> next_link(std::string_view header);
std::optional<std::string> next_link(const net::Headers& headers);

}  // namespace sigstore::remote
