// An error inside a JSON document: what programs read instead of error:, cause: and try:.
#pragma once

#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"

namespace sigstore::codec {

// {"code", "message", "cause", "hint"}; the last two only where there is something to say.
json::Object error_json(const Error& error);

}  // namespace sigstore::codec
