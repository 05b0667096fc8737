// Regular expressions as Go reads them (RE2 syntax), so that a pattern means here what it means in every
// other Sigstore client. The one wall around RE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"

namespace sigstore::codec {

// Immutable and thread-safe. Matching takes linear time, whatever the pattern.
class Regex {
 public:
  // Code::malformed, with the place, for what Go's regexp refuses; too_large beyond limits::regex_bytes.
  static Result<Regex> parse(std::string_view pattern);
  [[nodiscard]] bool matches_part_of(std::string_view text) const;  // anywhere, as Go's MatchString
  [[nodiscard]] bool anchored() const;  // it begins with ^ (or \A) and ends with $ (or \z)
  [[nodiscard]] const std::string& pattern() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace sigstore::codec
