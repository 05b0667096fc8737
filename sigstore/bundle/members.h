// A member of a JSON document of old, by its name. Private to this room.
#pragma once

#include <string_view>

#include "sigstore/base/bytes.h"
#include "sigstore/codec/json.h"

namespace sigstore::bundle {

// Code::malformed, with what the `document` is, when it is missing, is not base64, or is empty.
Result<Bytes> need_base64(const codec::json::Object& object, std::string_view key, std::string_view document);

}  // namespace sigstore::bundle
