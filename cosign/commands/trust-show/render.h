// What is trusted, for people and for programs (docs/formats/trust-show.md). Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "sigstore/trust/trusted_root.h"
#include "sigstore/tuf/updater.h"

namespace cosign::trust_show {

struct Shown {
  std::string mirror;                                          // where it came from; empty: from `file`
  std::string folder;                                          // where it is kept; empty: nowhere
  std::optional<sigstore::Time> asked;                         // when the mirror was asked last
  std::map<std::string, sigstore::tuf::TrustedFile> metadata;  // by role
  std::string file;
  sigstore::trust::TrustedRoot root;
};

std::string as_text(const Shown& shown, sigstore::Time now);
std::string as_json(const Shown& shown, sigstore::Time now);

}  // namespace cosign::trust_show
