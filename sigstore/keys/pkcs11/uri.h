// A key in a token: `pkcs11:` and attributes (RFC 7512). Percent escapes are decoded in all of them; `+` is a
// plus. Those that are understood: token, serial, manufacturer, model, slot-id, id, object, type;
// module-path, module-name, pin-value, pin-source after the `?`, where `&` and `;` both separate. Vendor
// attributes (`x-…`) say nothing here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"

namespace sigstore::keys {

struct TokenUri {
  std::optional<std::uint64_t> slot;
  std::string token, serial, manufacturer, model;  // any bytes, like the two below; empty: not given
  std::string id;
  std::string object;
  std::string module_path;
  std::string pin_source;
  std::optional<Secret> pin_value;  // never empty
};

// Code::not_mine without `pkcs11:`; Code::malformed for what is none, Code::unsupported for attributes that
// would have to be compared and cannot be, Code::invalid_argument when it names no token or no key. No error
// repeats a value: it could be a PIN.
Result<TokenUri> parse_token_uri(const std::string& reference);

// The URI as others read it, too; never with a PIN.
std::string write_token_uri(const TokenUri& uri);

}  // namespace sigstore::keys
