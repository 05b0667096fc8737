// Why a TLS connection was not made, from what was seen of it.
#pragma once

#include <optional>
#include <string>

#include "sigstore/net/curl/internal/tls_settings.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Who the handshake was with.
struct TlsPeer {
  std::string what;    // "registry.example.com:5000", "the proxy 10.0.0.1:3128"
  std::string name;    // what its certificate must be for
  std::string folder;  // of its TLS files in certs.d; empty for a proxy
};

// Its certificate was refused: by its chain, or because it is for other names. Code::tls. `detail` are
// libcurl's own words, for what has no better ones.
Error untrusted(const TlsPeer& peer, TlsSettings& tls, const TlsObserver& seen, const std::string& detail);

// It ended the connection with an alert, or does not speak TLS: Code::tls, Code::malformed. Nothing when it
// did neither.
std::optional<Error> refused_by_peer(const TlsPeer& peer, TlsSettings& tls, const TlsObserver& seen);

// It asked for a client certificate that was not there.
Error wants_client_certificate(const TlsPeer& peer, std::string cause);

}  // namespace sigstore::net
