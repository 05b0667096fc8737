// JSON that is checked and not kept: no values are built, so a document of any size costs no more memory than
// the names of the objects that are open at one time. For what is signed or shown as the bytes it came in.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/codec/json.h"

namespace sigstore::codec::json {

enum class Kind { null, boolean, number, string, array, object };

// A value in the text that was scanned: its bytes as they stand, without white space around it.
struct Span {
  std::size_t offset = 0;
  std::size_t size = 0;
  Kind kind = Kind::null;
  [[nodiscard]] std::string_view in(std::string_view text) const { return text.substr(offset, size); }
  // The rest of `text`, with `stand_in` where this value is.
  [[nodiscard]] std::string cut(std::string_view text, std::string_view stand_in) const;
  friend bool operator==(const Span&, const Span&) = default;
};

struct ScannedMember {
  std::string name;
  Span value;
};

struct Scanned {
  Span root;
  std::vector<ScannedMember> members;  // of the outermost object: those that were asked for, as they come
  [[nodiscard]] const Span* find(std::string_view name) const;  // nullptr when it is not there
};

// Accepts and refuses the same documents as parse(), with the same errors, but that it leaves numbers alone
// whose exponent is too large for any tree; `options.max_values` bounds the
// names of the objects that are open at one time, not the values.
Result<Scanned> scan(std::string_view text, std::string_view what,
                     std::initializer_list<std::string_view> wanted = {}, const ParseOptions& options = {});

// The text that a string in JSON stands for, from the bytes of a Span of that kind.
std::string unquoted(std::string_view quoted);

// Whether a text can stand in JSON without a change.
bool is_utf8(std::string_view text);

}  // namespace sigstore::codec::json
