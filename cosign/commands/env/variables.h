// The variables that this program reads, and a page about them in the original's form. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/env.h"

namespace cosign {

struct KnownVariable {
  std::string_view name;
  std::string_view description;  // goes on after the name
  std::string_view expects;
  bool sensitive = false;  // its value is shown only when asked for
};

// Sorted by name. A test compares it with the sources.
std::span<const KnownVariable> known_variables();

struct EnvironmentPage {
  bool descriptions = true;
  bool sensitive_values = false;
};

// Every known variable, then those of `set` that begin with COSIGN_, SIGSTORE_ or TUF_ and are not known;
// `flags` says of the variables that stand for a flag which one, as "--key of sign, verify". Each value is on
// one line, its control characters visible.
std::string environment_page(const sigstore::Variables& variables, const std::vector<std::string>& set,
                             const std::map<std::string, std::string>& flags, const EnvironmentPage& page);

}  // namespace cosign
