// http and https URLs (RFC 3986), as far as registries need them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::net {

struct Url {
  std::string scheme;      // "http" or "https", lower case
  std::string host;        // lower case, without brackets for IPv6
  std::uint16_t port = 0;  // always set; 80 or 443 when not written
  std::string path;        // starts with '/', percent-encoding untouched
  std::string query;       // without '?', may be empty

  // Code::malformed; user info and fragments are refused (a registry has no business sending either), and so
  // are hosts that are neither a name, nor an IPv6 address in brackets, nor four decimal numbers ("127.1",
  // "0x7f.1").
  static Result<Url> parse(std::string_view text);
  // RFC 3986 section 5: `location` may be absolute, scheme-relative, absolute-path or relative.
  [[nodiscard]] Result<Url> resolve(std::string_view location) const;
  [[nodiscard]] std::string text() const;       // the default port is left out
  [[nodiscard]] std::string authority() const;  // host[:port], IPv6 in brackets, the default port left out
  // Same scheme, host and port.
  [[nodiscard]] bool same_origin(const Url& other) const;
  friend bool operator==(const Url&, const Url&) = default;
};

std::string percent_encode(std::string_view text);  // everything but unreserved characters
std::string percent_decode(std::string_view text);  // a "%" that starts no escape stays as it is

// Literal addresses: no name is resolved. IPv4 in IPv6 ("::ffff:10.0.0.1") counts as IPv4.
bool is_loopback(std::string_view host);  // 127/8, ::1, "localhost", "*.localhost"
// 10/8, 172.16/12, 192.168/16, 169.254/16, fc00::/7, fe80::/10, and 0/8 and :: ("this host").
bool is_private_or_link_local(std::string_view host);
bool is_rfc1918(std::string_view host);  // 10/8, 172.16/12, 192.168/16

}  // namespace sigstore::net
