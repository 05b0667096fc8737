// Where CA certificates come from: files that were named, and the pool of the machine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/net/curl/internal/certificate_pool.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// The pool of these PEM files. Code::tls for a file that cannot be read or has no certificate.
Result<std::shared_ptr<CertificatePool>> load_pool(Files& files, const std::vector<std::string>& paths);

// The same with PEM that is at hand: the authorities of `pem`, which may be null.
Result<void> add_given(CertificatePool& pool, const TlsPem* pem);

// SSL_CERT_FILE and SSL_CERT_DIR (a list with ':'), where one is set; else the first bundle of a known
// distribution that can be used. Code::tls when what is set cannot be used; an empty pool when nothing is set
// and there is no bundle.
Result<std::shared_ptr<CertificatePool>> load_system_pool(const Env& env);

// What to say about an empty pool: all places are named.
Error no_authorities();

}  // namespace sigstore::net
