// What holds for the reader of each role, whatever it is given.
#pragma once

#include <cstdlib>
#include <string>

#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/metadata.h"

namespace sigstore::tuf::testing {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline void check_keys(const Keys& keys) {
  require(keys.size() <= limits::tuf_keys);
  for (const auto& [id, key] : keys) {
    require(key_id(key).size() == 64);
    const auto opened = open_key(key);
    require(opened.has_value() || !opened.error().message.empty());
  }
}

inline void check_role(const Role& role) {
  require(role.threshold >= 1 && role.key_ids.size() <= limits::tuf_keys);
}

// What is read is written so that it is read again as the same (but for fractions of a second).
template <class Body>
const Body* check_read(const Result<Signed<Body>>& read,
                       Result<Signed<Body>> (*parse)(std::string_view, std::string_view)) {
  if (!read) {
    const Code code = read.error().code;
    require(code == Code::malformed || code == Code::too_large || code == Code::unsupported);
    require(!read.error().message.empty() && read.error().text().find('\n') == std::string::npos);
    return nullptr;
  }
  const Body& body = read->body;
  require(body.version >= 1 && body.spec_version.starts_with("1."));
  require(!read->signed_bytes.empty() && read->signatures.size() <= limits::tuf_keys);
  const auto again = parse(write(to_sign(body), read->signatures), "again");
  require(again.has_value() && again->signed_bytes == to_sign(body));
  require(again->signatures == read->signatures && to_sign(again->body) == to_sign(body));
  return &read->body;
}

}  // namespace sigstore::tuf::testing
