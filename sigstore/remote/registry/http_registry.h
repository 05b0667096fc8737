// The registry client over HTTP: authentication, scopes, uploads, pages. See docs/formats/registry.md.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/net/retry.h"
#include "sigstore/net/transport.h"
#include "sigstore/remote/registry/credentials.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote {

struct RegistryOptions {
  // Plain HTTP: `allow_http` for every host; without it only where real cosign falls back too (loopback,
  // *.localhost, RFC 1918 literals), https first, and never with credentials.
  bool allow_http = false;
  bool allow_insecure = false;  // TLS is not verified; plain http is tried too
  net::RetryPolicy retry;
  // One line for the person, e.g. that plain HTTP is in use. May be empty.
  std::function<void(std::string_view)> notice;
  // For -d: which credentials are used, without secrets. May be empty.
  std::function<void(std::string_view)> trace;
};

// `sources` are asked in order when a registry wants credentials, once per repository. All arguments outlive
// the result.
std::unique_ptr<Registry> make_http_registry(const Env& env, net::Transport& transport,
                                             std::vector<CredentialSource*> sources, RegistryOptions options);

}  // namespace sigstore::remote
