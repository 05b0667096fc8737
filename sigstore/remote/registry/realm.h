// Where a registry may send its clients for a token. A realm is taken from an answer, so it decides where
// credentials go: the rules here are the whole defence.
#pragma once

#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/net/url.h"

namespace sigstore::remote {

// The realm as a URL, or Code::tls when it is refused:
//  - a literal private, link-local or loopback address other than the registry's own host;
//  - plain http below an https registry;
//  - any other host, unless the registry was reached over TLS that was verified (`verified`) and the realm is
//  https.
// Code::malformed for a realm that is no http(s) URL.
Result<net::Url> check_realm(const net::Url& registry, bool verified, std::string_view realm);

}  // namespace sigstore::remote
