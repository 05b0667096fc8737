// Who may come in to a registry, and how much they may do.
#pragma once

#include <memory>
#include <string>

#include "cosign/args/flag_set.h"
#include "server/host/guard.h"

namespace cosign::serve {

// What a guarded role stands on.
struct Access {
  std::unique_ptr<server::host::Users> users;    // null: everybody may come in
  std::unique_ptr<server::host::Tokens> tokens;  // null: passwords alone
  std::string external_url;
  bool anonymous_pull = false;

  // This and `rate` outlive the result. `rate` is that of requests; null: none.
  [[nodiscard]] server::host::Role guard(server::host::Role role, server::host::Buckets* rate) const;
};

struct AccessFlags {
  std::string users, external_url;
  bool tokens = false, anonymous_pull = false;

  void declare(FlagSet& flags);
  // Code::invalid_argument, and the errors of Users::open. `trouble` is told what goes wrong later.
  [[nodiscard]] sigstore::Result<Access> open(const sigstore::Env& env,
                                              server::host::Users::Trouble trouble) const;
};

}  // namespace cosign::serve
