// Members of objects that are written where there is something to say.
#pragma once

#include <optional>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/codec/json.h"

namespace sigstore::codec::json {

// Nothing for an empty text, and for no time. A time is written in whole seconds (RFC 3339).
void set_text(Object& object, const char* member, const std::string& value);
void set_time(Object& object, const char* member, const std::optional<Time>& time);

}  // namespace sigstore::codec::json
