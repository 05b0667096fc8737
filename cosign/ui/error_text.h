// An error as a person reads it:
//   error: WHAT
//   cause: WHY            (where there is one)
//   try:   WHAT TO DO     (a line each)
#pragma once

#include <string>

#include "sigstore/base/result.h"

namespace cosign::ui {

std::string error_text(const sigstore::Error& error, bool colour);

}  // namespace cosign::ui
