// One line of CSV (RFC 4180), as Go's encoding/csv reads it: quotes only around a whole field, "" inside for
// one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace cosign {

// An empty text is no field at all. Code::invalid_argument; the message is the reason alone.
sigstore::Result<std::vector<std::string>> split_csv(std::string_view text);

}  // namespace cosign
