// What a signature is verified with: the flags that every command which verifies has, images and files alike.
#pragma once

#include <string>

#include "cosign/options/later.h"
#include "cosign/session/session.h"
#include "sigstore/verify/judge.h"

namespace cosign {

struct MaterialFlags {
  std::string key;
  bool ignore_tlog = false;
  bool private_infrastructure = false;
  bool offline = false;
  LaterFlags later;

  // `key` alone is shown first in --help; declare_rest() adds what most people never need.
  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // Code::unsupported for what needs more than a key; `example` is a line that works.
  [[nodiscard]] sigstore::Result<void> check(const std::string& example) const;
  // Opens the key. After check().
  [[nodiscard]] sigstore::Result<sigstore::verify::TrustedMaterial> open(Session& session) const;
  [[nodiscard]] int log_entries() const { return ignore_tlog || private_infrastructure ? 0 : 1; }
};

}  // namespace cosign
