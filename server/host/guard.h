// Who may come in: a role behind a question for a password.
#pragma once

#include <string>

#include "server/host/htpasswd.h"
#include "server/host/message.h"

namespace server::host {

// Answers 401 to whoever is not among the users; the role sees the others' names. `users` outlives the
// result. `realm` is shown with the question.
Role guarded(Role role, Htpasswd& users, std::string realm);

}  // namespace server::host
