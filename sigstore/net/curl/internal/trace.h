// A request and what came of it, in one line without secrets.
#pragma once

#include <string>

#include "sigstore/net/transport.h"

namespace sigstore::net {

// "GET https://registry.example.com/v2/ -> 401", or "-> " and the error. Parameters of a query that are no
// registry's (a storage URL's signature, the state of an upload) are shown without their values.
std::string trace_line(const Request& request, const Result<Response>& response);

}  // namespace sigstore::net
