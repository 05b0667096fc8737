// Lower-case hexadecimal.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::hex {

std::string encode(BytesView bytes);
Result<Bytes> decode(
    std::string_view text);  // either case; Code::malformed for odd length or other characters

}  // namespace sigstore::codec::hex
