// What a file is by its look, where it was given to a flag that takes something else.
#pragma once

#include <string_view>

namespace cosign {

enum class Look {
  empty,         // nothing but blanks
  bundle,        // of cosign 1, 2 or 3
  trusted_root,  // trusted_root.json
  envelope,      // DSSE
  json,          // another object
  list,          // a JSON list
  pem,
  text,
  other
};

// A guess, for messages alone: nothing is parsed.
Look look_of(std::string_view text);

}  // namespace cosign
