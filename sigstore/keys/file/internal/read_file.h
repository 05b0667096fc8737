// The text of a key file.
#pragma once

#include <string>

#include "sigstore/base/env.h"

namespace sigstore::keys::internal {

// Code::unsupported for a reference that is no path ("awskms://…"); Code::not_found and others say which file
// it is.
Result<std::string> read_key_file(const Env& env, const std::string& reference);

}  // namespace sigstore::keys::internal
