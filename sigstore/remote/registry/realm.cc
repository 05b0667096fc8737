#include "sigstore/remote/registry/realm.h"

#include <string>

namespace sigstore::remote {
namespace {

std::unexpected<Error> refuse(const net::Url& registry, const net::Url& realm, std::string cause,
                              std::string hint = {}) {
  return fail(Code::tls,
              "no credentials of " + registry.authority() + " go to the realm " + realm.scheme + "://" +
                  realm.authority() + " that it names",
              std::move(cause), std::move(hint));
}

bool is_inner_address(std::string_view host) {
  return net::is_private_or_link_local(host) || net::is_loopback(host);
}

}  // namespace

Result<net::Url> check_realm(const net::Url& registry, bool verified, std::string_view realm) {
  auto url = net::Url::parse(realm);
  if (!url)
    return fail(Code::malformed, registry.authority() + " names no usable realm for tokens",
                url.error().text());
  if (registry.scheme == "https" && url->scheme != "https")
    return refuse(registry, *url, "it is plain HTTP, the registry is not");
  if (url->host == registry.host) return url;
  if (is_inner_address(url->host))
    return refuse(registry, *url, url->host + " is a private, link-local or loopback address");
  if (registry.scheme != "https")
    return refuse(registry, *url, "over plain HTTP anybody on the way can name another host");
  if (!verified)
    return refuse(registry, *url, "without verified TLS anybody on the way can name another host",
                  "--registry-cacert FILE instead of --allow-insecure-registry");
  return url;
}

}  // namespace sigstore::remote
