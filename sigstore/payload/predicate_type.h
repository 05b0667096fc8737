// The short names of predicate types, and the URIs they stand for (cosign's --type).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::payload {

struct PredicateName {
  std::string_view name;  // "spdxjson"
  std::string_view uri;   // "https://spdx.dev/Document"
};

// In the order in which the original lists them; several names may share a URI.
std::span<const PredicateName> predicate_names();

// The URI that a short name stands for, or an absolute URI as it is. Code::invalid_argument otherwise.
Result<std::string> predicate_uri(std::string_view name_or_uri);

}  // namespace sigstore::payload
