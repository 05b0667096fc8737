// JSON documents one after another in one text: JSON lines, or simply one behind the other, as Go's decoder
// takes them.
#pragma once

#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace sigstore::codec::json {

// The objects in `text`, each as it stands, with nothing but white space and line breaks between them. Where
// one ends is all that is looked at: scan() or parse() checks each. Code::malformed for anything that does
// not begin with '{' or does not end; too_large for more than `most`. An empty text holds none.
Result<std::vector<std::string_view>> split_objects(std::string_view text, std::string_view what,
                                                    std::size_t most);

}  // namespace sigstore::codec::json
