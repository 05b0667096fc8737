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
// Whom a peer's address ("127.0.0.1:40312", "[2001:db8::1]:40312") stands for: an IPv4 address, or the /64
// network of an IPv6 one, of which a client has as many addresses as it likes.
std::string network_of(std::string_view peer);
// Whether the first `prefix` bits are the same; an IPv4 network's prefix counts from 96.
bool in_network(const Address& address, const Address& network, int prefix);

}  // namespace sigstore::net
