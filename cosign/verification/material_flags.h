// What a signature is verified with: the flags that every command which verifies has, images and files alike.
#pragma once

#include <string>
#include <vector>

#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/later.h"
#include "cosign/session/session.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

struct MaterialFlags {
  std::vector<std::string> keys;  // any of them may verify; one of them may be a key set
  int threshold = 1;
  KeySetFlags key_set;
  bool ignore_tlog = false;
  bool private_infrastructure = false;
  bool offline = false;
  LaterFlags later;

  // `keys` alone is shown first in --help; declare_rest() adds what most people never need.
  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // Code::unsupported for what needs more than a key; `example` is a line that works.
  [[nodiscard]] sigstore::Result<void> check(const std::string& example) const;
  // Of a command that also works without a key: Code::invalid_argument when something is asked of keys, and
  // none is there.
  [[nodiscard]] sigstore::Result<void> check_absent() const;
  // Opens the keys, and says in `options` what they are and what is asked of them: `material`, `threshold`
  // and `requirements.log_entries`. After check().
  [[nodiscard]] sigstore::Result<void> apply(Session& session, sigstore::check::Options& options) const;
};

}  // namespace cosign
