// Which proxy a request goes through, by Go's rules (golang.org/x/net/http/httpproxy): HTTP_PROXY,
// HTTPS_PROXY, NO_PROXY, each in lower case where the upper-case one is unset or empty; loopback is never
// proxied; HTTP_PROXY is ignored where REQUEST_METHOD is set (a CGI program takes it from the client).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/net/url.h"

namespace sigstore::net {

class ProxyRules {
 public:
  static ProxyRules from(const Variables& variables);
  // The proxy's URL with its port, or "" for a direct connection; it may hold a password (user:password@).
  // socks5, http and https proxies. A value that is no URL counts as unset.
  [[nodiscard]] std::string proxy_for(const Url& url) const;

 private:
  // One entry of NO_PROXY. Addresses are IPv6 or IPv4-mapped; a domain starts with a dot.
  struct Exception {
    enum class Kind { all, network, domain } kind = Kind::all;
    std::array<std::uint8_t, 16> address{};
    int prefix = 128;
    std::string domain;
    bool domain_itself = false;  // "a.b" matches a.b and x.a.b, ".a.b" only the latter
    std::string port;            // empty: any
  };
  static std::vector<Exception> parse_exceptions(std::string_view no_proxy);
  static bool matches(const Exception& exception, const Url& url);

  std::string http_, https_;
  std::vector<Exception> exceptions_;
};

}  // namespace sigstore::net
