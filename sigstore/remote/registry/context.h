// What all parts of the client stand on. Everything it points to outlives them.
#pragma once

#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"
#include "sigstore/remote/registry/http_registry.h"

namespace sigstore::remote {

struct Context {
  Env env;
  net::Transport* transport = nullptr;
  std::vector<CredentialSource*> sources;
  RegistryOptions options;
};

// An answer, and the URL it came from in the end.
struct Answer {
  net::Response response;
  net::Url url;
};

// Sends, and follows redirects of GET and HEAD: at most limits::redirects, never from https to http
// (Code::tls), and Authorization is dropped for good at the first other scheme, host or port. A redirect of
// another method is the answer.
Result<Answer> send_following(const Context& context, const net::RetryPolicy& retry, net::Repeat repeat,
                              net::Request request, const ByteSink* sink = nullptr);

}  // namespace sigstore::remote
