// The real transport: libcurl, HTTP/1.1 and HTTP/2 over TLS, kept connections, one pool for all threads.
#pragma once

#include <memory>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Uses env for clock and variables (proxy, SSL_CERT_FILE, SSL_CERT_DIR). Opens nothing before the first
// send(). The system pool, in this order: SSL_CERT_FILE, SSL_CERT_DIR, then the bundle files of Debian, RHEL,
// SUSE and Alpine; none of them readable is Code::tls at the first https request, naming the paths.
std::unique_ptr<Transport> make_curl_transport(const Env& env, TransportOptions options);

}  // namespace sigstore::net
