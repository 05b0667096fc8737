// Per-host TLS files, as docker and podman read them: HOST[:PORT]/*.crt are CAs added to the pool, *.cert
// with *.key of the same name is a client certificate. A folder counts for its own host, and for the token
// server that this registry names.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"
#include "sigstore/net/transport.h"
#include "sigstore/net/url.h"

namespace sigstore::remote {

// /etc/docker/certs.d, /etc/containers/certs.d, and the same below ~/.config when HOME is set.
std::vector<std::string> certs_d_folders(const Variables& variables);

// `tls` with what the folders hold for the host of `url`. A pool that was named (`ca_files`) is not added to,
// and a client certificate that was named is kept. Of several pairs the first by name is used. Nothing there:
// unchanged. Code::invalid_argument for a *.cert without its *.key or the other way round; Code::io for a
// folder that cannot be read.
Result<net::TlsOptions> with_certs_d(Files& files, const std::vector<std::string>& folders,
                                     const net::Url& url, net::TlsOptions tls);

}  // namespace sigstore::remote
