#include "cosign/commands/registry-serve/access.h"

#include "server/host/guard.h"
#include "sigstore/base/limits.h"

namespace cosign::serve {

using sigstore::Result;

server::host::Role Access::guard(server::host::Role role) const {
  if (!users) return role;
  return server::host::guarded(std::move(role), *users, "cosign registry");
}

void AccessFlags::declare(FlagSet& flags) {
  flags.text("htpasswd", &users, "FILE", "users that may come in, as `htpasswd -B` writes them");
}

Result<Access> AccessFlags::open(const sigstore::Env& env) const {
  Access access;
  if (!users.empty()) {
    TRY(const std::string text, env.files->read(users, sigstore::limits::htpasswd_bytes));
    TRY(access.users, server::host::Htpasswd::parse(text, *env.random));
  }
  return access;
}

}  // namespace cosign::serve
