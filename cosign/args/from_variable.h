// Flags whose values nobody typed.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/result.h"

namespace cosign {

struct FromVariable {
  std::string flag;      // without dashes
  std::string variable;  // COSIGN_CERTIFICATE_IDENTITY
};

// An error of a command line (Code::invalid_argument) whose message or cause names such a flag says in its
// cause which variable it comes from. Other errors stay as they are.
sigstore::Error with_variables(sigstore::Error error, const std::vector<FromVariable>& given);

}  // namespace cosign
