// Who may come in to a registry, and how much they may do.
#pragma once

#include <memory>
#include <string>

#include "cosign/args/flag_set.h"
#include "server/host/htpasswd.h"
#include "server/host/message.h"

namespace cosign::serve {

// What a guarded role stands on.
struct Access {
  std::unique_ptr<server::host::Htpasswd> users;  // null: everybody may come in

  // This outlives the result.
  [[nodiscard]] server::host::Role guard(server::host::Role role) const;
};

struct AccessFlags {
  std::string users;

  void declare(FlagSet& flags);
  [[nodiscard]] sigstore::Result<Access> open(const sigstore::Env& env) const;
};

}  // namespace cosign::serve
