#include "sigstore/net/address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace sigstore::net {
namespace {

constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != text.npos) return std::nullopt;
  const std::string terminated(text);
  Address address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  std::copy(mapped.begin(), mapped.end(), address.begin());
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + mapped.size()) == 1) return address;
  return std::nullopt;
}

std::string print_address(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (is_ipv4(address))
    inet_ntop(AF_INET, address.data() + mapped.size(), text, sizeof text);
  else
    inet_ntop(AF_INET6, address.data(), text, sizeof text);
  return text;
}

bool is_ipv4(const Address& address) {
  return std::equal(mapped.begin(), mapped.end(), address.begin());
}

std::string network_of(std::string_view peer) {
  auto host = peer.substr(0, peer.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  auto address = parse_address(host);
  if (!address) return std::string(host);
  if (is_ipv4(*address)) return print_address(*address);
  std::fill(address->begin() + 8, address->end(), std::uint8_t{0});
  return print_address(*address) + "/64";
}

bool in_network(const Address& address, const Address& network, int prefix) {
  const auto whole = static_cast<std::size_t>(prefix / 8);
  if (!std::equal(address.begin(), address.begin() + whole, network.begin())) return false;
  if (prefix % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - prefix % 8));
  return ((address[whole] ^ network[whole]) & mask) == 0;
}

}  // namespace sigstore::net
