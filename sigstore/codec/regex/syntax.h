// A pattern as a row of tokens: as much of the grammar as is needed to see groups, classes and anchors.
// Private to this room.
#pragma once

#include <string_view>
#include <vector>

namespace sigstore::codec::regex {

enum class Kind {
  literal,  // one byte that stands for itself, or a piece of an operator
  quote,    // \Q…\E, or \Q… to the end
  escape,   // a backslash and the byte after it
  set,      // a bracket expression as a whole; one that does not close reaches to the end
  open,     // ( with what belongs to it: "(", "(?:", "(?i-s)", "(?P<name>", "(?<name>"
  close,
  bar,
};

struct Token {
  Kind kind = Kind::literal;
  std::string_view text;  // of the pattern
};

// The tokens joined are the pattern, whatever it is.
std::vector<Token> tokens_of(std::string_view pattern);

// Whether every way through the pattern begins at the beginning of the text and ends at its end. What is not
// seen at a glance counts as not anchored.
bool is_anchored(std::string_view pattern);

}  // namespace sigstore::codec::regex
