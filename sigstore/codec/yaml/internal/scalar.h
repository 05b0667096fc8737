// What a scalar of YAML stands for. Private to this room.
#pragma once

#include <string>
#include <string_view>

#include "sigstore/codec/json.h"

namespace sigstore::codec::yaml {

// The grammar of JSON's numbers, but exponents of any length: "-12.50e3", and neither "0755" nor ".5".
bool is_json_number(std::string_view text);
// Of a scalar without quotes and tag.
json::Value resolve(std::string text);

}  // namespace sigstore::codec::yaml
