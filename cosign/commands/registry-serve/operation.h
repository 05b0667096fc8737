// What whoever runs a registry sees of it.
#pragma once

#include <memory>
#include <string>

#include "cosign/args/flag_set.h"
#include "server/host/access_log.h"

namespace cosign {
class Session;
}

namespace cosign::serve {

struct Operation {
  std::unique_ptr<server::host::AccessLog> log;  // null: none

  // This outlives them.
  [[nodiscard]] server::host::Observers observers() const;
};

struct OperationFlags {
  std::string log;

  void declare(FlagSet& flags);
  // `session` outlives the result.
  [[nodiscard]] sigstore::Result<Operation> open(Session& session) const;
};

}  // namespace cosign::serve
