// Canonical JSON as One Laptop Per Child wrote it down, which is what TUF and in-toto sign
// (wiki.laptop.org/go/Canonical_JSON, as securesystemslib and go-securesystemslib have it).
#pragma once

#include <string>
#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/codec/json.h"

namespace sigstore::codec::json {

// No white space, members in the order of the bytes of their names, integers alone. In strings only `\` and
// `"` are escaped: control characters stand as they are, so that what comes out need not be JSON.
// Code::malformed for a number that is no integer, text that is not UTF-8, or a name that stands twice;
// Code::too_large below limits::json_depth levels.
Result<std::string> write_olpc(const Value& value);

// JSON of the same value: control characters in `olpc`, which can only stand in strings, are escaped.
std::string olpc_as_json(std::string_view olpc);

}  // namespace sigstore::codec::json
