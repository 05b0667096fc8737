// The TLS set-up of a server.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "sigstore/net/server/listener.h"

namespace sigstore::net {

struct SslContextDelete {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextDelete>;

// TLS 1.2 and later. Null when the options name no certificate. Code::tls for files that cannot be used.
Result<SslContext> make_server_tls(const ListenerOptions& options);

}  // namespace sigstore::net
