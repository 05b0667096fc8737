// Text from outside (a registry's error, an annotation, a file name) before a person sees it: control
// characters, escape sequences, bidirectional overrides and bytes that are no UTF-8 become visible text such
// as \x1b, so that nothing from outside can move the cursor, rewrite what stands there or reorder it.
#pragma once

#include <string>
#include <string_view>

namespace sigstore::codec {

// One line: a line break becomes \n, a tab \t.
std::string printable(std::string_view text);
// Several lines: line breaks and tabs stay.
std::string printable_lines(std::string_view text);

}  // namespace sigstore::codec
