// Which certificates a connection trusts, as libcurl takes them.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Exactly one of the three is set; none at all when nothing is verified.
struct Trust {
  std::string file;                         // one PEM file
  std::string folder;                       // hashed names, as SSL_CERT_DIR
  std::shared_ptr<const std::string> text;  // several files, as one PEM text
};

// The system's pool: SSL_CERT_FILE, SSL_CERT_DIR, then the bundle files of the distributions. Code::tls names
// the files when none is there, Code::io one that cannot be read.
Result<Trust> trust_for(const Env& env, const TlsOptions& options);

}  // namespace sigstore::net
