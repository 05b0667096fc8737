// The answer 401 and what it asks for (RFC 9110 section 11.6.1; distribution's token authentication).
#pragma once

#include <string>
#include <string_view>

#include "server/host/guard.h"

namespace server::host {

// Why a request does not come in; the words of RFC 6750 section 3.1 are said for a token only.
enum class Refusal { no_login, wrong_login, invalid_token, insufficient_scope };

// Asks for a token below /v2/, where there are tokens and the client can be told where to get one; else for a
// password. `needed` is what it should be good for.
Response unauthorized(const GuardOptions& options, const Request& request, Refusal why,
                      const Grants& needed = {});
// Asks for a password.
Response password_needed(const GuardOptions& options, Refusal why);

// "https://registry.example:5000/token"; "" when neither an option nor the request says where that is.
std::string token_realm(const GuardOptions& options, const Request& request);

}  // namespace server::host
