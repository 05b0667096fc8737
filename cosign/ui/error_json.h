// An error inside a JSON document: what programs read instead of error:, cause: and try:.
#pragma once

#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"

namespace cosign::ui {

// {"code", "message", "cause", "hint"}; the last two only where there is something to say.
sigstore::codec::json::Object error_json(const sigstore::Error& error);

}  // namespace cosign::ui
