// Who may come in: a role behind a question for a password, or for a token of our own.
#pragma once

#include <functional>
#include <string>

#include "server/host/grant.h"
#include "server/host/message.h"
#include "server/host/rate.h"
#include "server/host/token.h"
#include "server/host/users.h"

namespace server::host {

// All that it points to outlives the guard.
struct GuardOptions {
  std::string realm = "registry";  // shown with a question for a password
  // Null: passwords alone are asked for. Else tokens are, and GET and POST of token_path give them; a
  // password in the request itself still does.
  Tokens* tokens = nullptr;
  // What one request needs of a token; nothing is for whoever is known. Set where there are tokens.
  std::function<Grants(const Request&)> needs{};
  bool anonymous_pull = false;  // with tokens: whoever is not logged in may pull
  std::string external_url{};   // where clients see the role, without a last slash; empty: as their Host says
  Buckets* rate = nullptr;      // of requests, also of those that are refused; null: none
};

inline constexpr std::string_view token_path = "/token";

// 401 to whoever is not among the users, 429 to whoever asks too often; the role sees the others' names.
Role guarded(Role role, Users& users, GuardOptions options);

}  // namespace server::host
