// The first request to a registry: which scheme it speaks and what it asks for.
#pragma once

#include <string>

#include "sigstore/base/result.h"
#include "sigstore/net/url.h"
#include "sigstore/remote/registry/challenge.h"
#include "sigstore/remote/registry/context.h"

namespace sigstore::remote {

struct Endpoint {
  net::Url base;          // of /v2/
  bool verified = false;  // over TLS that was checked
  Challenge challenge;    // scheme "" when it asks for nothing
};

// GET /v2/ without credentials: https first; plain http after it only where RegistryOptions or the kind of
// host allow that, with one notice when no flag asked for it. Code::invalid_argument for a name that is no
// host[:port]; unsupported for a server that is no registry; else the transport's errors.
Result<Endpoint> ping(const Context& context, const std::string& registry);

}  // namespace sigstore::remote
