// Repeats what may be repeated: GET, HEAD, and PUT of a digest (the caller says so); and what was refused for
// being asked too often, if the caller says so. Nothing else, ever.
#pragma once

#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

struct RetryPolicy {
  int attempts = 3;
  Duration first_pause = std::chrono::seconds(1);     // then x3, with jitter
  Duration longest_pause = std::chrono::seconds(30);  // also the most that Retry-After is honoured for
};

enum class Repeat { never, refused, idempotent };

// Sends; with Repeat::idempotent again on 408, 429, 500, 502, 503, 504, Code::unavailable and Code::timeout,
// with Repeat::refused on 429 alone, which says that nothing was done; honouring Retry-After (seconds or an
// HTTP date). A host that is not there (Code::unreachable) is asked
// once. The last answer is returned as it is. With a sink nothing is repeated once a byte has arrived. No
// pause goes beyond Transport::deadline(); Code::cancelled when a pause is interrupted.
Result<Response> send_with_retry(Transport& transport, const Env& env, const RetryPolicy& policy,
                                 Repeat repeat, const Request& request, const BodySink* sink = nullptr);

}  // namespace sigstore::net
