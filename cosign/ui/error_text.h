// An error as a person reads it, each part printable and on a line of its own:
//   error: WHAT
//   cause: WHY          (where there is one)
//   try: WHAT TO DO     (further lines of the hint are aligned below)
#pragma once

#include <string>

#include "sigstore/base/result.h"

namespace cosign::ui {

std::string error_text(const sigstore::Error& error, bool colour);

}  // namespace cosign::ui
