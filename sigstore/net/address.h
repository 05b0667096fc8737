// Literal IP addresses and their ranges. Nothing here resolves a name.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sigstore::net {

// IPv6, or IPv4 mapped into it (::ffff:a.b.c.d), in network order.
using Address = std::array<std::uint8_t, 16>;

// "10.0.0.1" or "::1"; no brackets, zone or abbreviation of IPv4.
std::optional<Address> parse_address(std::string_view text);
std::string print_address(const Address& address);
bool is_ipv4(const Address& address);
// Whether the first `prefix` bits are the same; an IPv4 network's prefix counts from 96.
bool in_network(const Address& address, const Address& network, int prefix);

}  // namespace sigstore::net
