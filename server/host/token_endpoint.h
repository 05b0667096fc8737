// Where tokens are given: distribution's "Token Authentication" (GET) and "OAuth2 Token Authentication"
// (POST, grant_type=password). Refresh tokens are not given.
#pragma once

#include "server/host/guard.h"

namespace server::host {

// Thread-safe. `options.tokens` is set.
Response give_token(const Request& request, Users& users, const GuardOptions& options);

// What of `wanted` is given to somebody: users have every right to repositories, and with "push" comes
// "delete"; others may pull.
Grants granted(const Grants& wanted, bool is_user);

}  // namespace server::host
