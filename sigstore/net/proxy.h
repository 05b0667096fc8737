// Which proxy a request goes through, by Go's rules (golang.org/x/net/http/httpproxy): HTTP_PROXY, HTTPS_PROXY,
// NO_PROXY in either case; loopback is never proxied; HTTP_PROXY is ignored where REQUEST_METHOD is set.
#pragma once

#include <string>

#include "sigstore/base/env.h"
#include "sigstore/net/url.h"

namespace sigstore::net {

class ProxyRules {
 public:
  static ProxyRules from(const Variables& variables);
  // The proxy's URL, or "" for a direct connection. socks5, http and https proxies.
  [[nodiscard]] std::string proxy_for(const Url& url) const;

 private:
  std::string http_, https_;
  std::vector<std::string> no_proxy_;
};

}  // namespace sigstore::net
