// JSON documents that hold secrets.
#pragma once

#include "sigstore/codec/json.h"

namespace sigstore::codec::json {

// Overwrites every text in it, which is empty then; names of members, numbers and copies of it stay.
void wipe(Value& value);

}  // namespace sigstore::codec::json
