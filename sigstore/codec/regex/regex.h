// Regular expressions as Go reads them (RE2 syntax), so that a pattern means here what it means in every
// other Sigstore client. The one wall around RE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::codec {

// Immutable, cheap to copy, thread-safe. Matching takes time linear in the text, whatever the pattern, and at
// most limits::regex_memory_bytes.
class Regex {
 public:
  // Code::malformed, with the place, for what Go's regexp refuses; too_large beyond limits::regex_bytes, or
  // where the compiled pattern needs more than limits::regex_memory_bytes.
  static Result<Regex> parse(std::string_view pattern);
  // Anywhere in it, as Go's MatchString. A byte that is not UTF-8 counts as one U+FFFD.
  [[nodiscard]] bool matches_part_of(std::string_view text) const;
  // Each alternative begins with ^ (or \A) and ends with $ (or \z), and (?m) stands nowhere. False where that
  // is not seen at a glance.
  [[nodiscard]] bool anchored() const;
  [[nodiscard]] const std::string& pattern() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace sigstore::codec
