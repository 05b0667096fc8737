// Canonical JSON (RFC 8785, JCS): one text for one value, so that a signature over it holds.
#pragma once

#include <string>

#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"

namespace sigstore::codec::json {

// Members in the order of their names as UTF-16, numbers as ECMAScript writes doubles, nothing escaped that
// need not be. Numbers are doubles, as the RFC has it: an integer above 2^53 may come out as its neighbour.
// Code::malformed for a number that no double holds, text that is not UTF-8, or a name that stands twice;
// Code::too_large below limits::json_depth levels.
Result<std::string> write_canonical(const Value& value);

// ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20). `number` is finite.
std::string es6_number(double number);

}  // namespace sigstore::codec::json
