// The real transport: libcurl, HTTP/1.1 and HTTP/2 over TLS, kept connections, one pool for all threads.
#pragma once

#include <memory>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Uses env for clock, files and variables (proxy, SSL_CERT_FILE, SSL_CERT_DIR). Opens and loads nothing
// before the first send(); TLS files are read once. The system pool: what SSL_CERT_FILE (a file) and
// SSL_CERT_DIR (folders, with ':') hold, where one of them is set; else the bundle file of Debian, RHEL, SUSE
// or Alpine. None of them there is Code::tls at the first https request that has no CA of its own, naming the
// paths.
//
// Never does it send a request other than GET and HEAD twice: when a kept connection breaks under it, that is
// Code::unavailable.
std::unique_ptr<Transport> make_curl_transport(const Env& env, TransportOptions options);

}  // namespace sigstore::net
