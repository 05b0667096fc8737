// What a service says when it does not do what it was asked for, as an error that people understand.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/net/transport.h"

namespace sigstore::remote {

// The words of an error body, as one short printable line; "" when there are none. Reads {"errors": ["…"]},
// {"message": "…" | ["…"] | {"field": ["…"]}}, {"error": "…", "error_description": "…"}.
std::string words_of(std::string_view body);

// Of an answer that is no 2xx. `service` is its name in messages ("Vault at https://v.example"), `what` is
// what it was asked for ("read the key k"). Codes: unauthorized (401), forbidden (403), not_found (404),
// conflict (409, 412), too_large (413), unavailable (408, 429, 5xx), malformed (3xx), unsupported (the rest).
// Hints are given where no service is needed to know one: 408, 429, 5xx and 3xx.
Error service_failure(const std::string& service, const std::string& what, const net::Response& answer);

}  // namespace sigstore::remote
