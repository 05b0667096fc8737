// --root-checksum. Pure.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace cosign::initialize {

// `wanted` is hexadecimal, SHA-256 unless "sha512:" stands before it. Code::invalid_argument for what is no
// checksum, mismatch for another one than that of `content`.
sigstore::Result<void> compare_checksum(std::string_view wanted, std::string_view content,
                                        const std::string& what);

}  // namespace cosign::initialize
