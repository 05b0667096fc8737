// Variables in a word of a Dockerfile, in every form that Docker knows: $NAME, ${NAME}, and with :- - :+ + :?
// ? # ## % %% / //. Quotes and escapes go; nothing is expanded in single quotes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sigstore/base/limits.h"
#include "sigstore/base/result.h"

namespace cosign {

// What names stand for.
class Scope {
 public:
  virtual ~Scope() = default;
  // nullopt: it has no value; an error: it has one that nobody knows here.
  [[nodiscard]] virtual sigstore::Result<std::optional<std::string>> find(const std::string& name) const = 0;
  // The error about a name that has no value where one is needed.
  [[nodiscard]] virtual sigstore::Error missing(const std::string& name) const = 0;
};

// What the words of one file may cost together, and still may.
struct Work {
  std::size_t bytes = 16 * sigstore::limits::mib;  // of them, expanded
  std::size_t steps = 20'000'000;                  // of patterns
};

// Docker makes an empty text of a name without a value; here that is the scope's error, since another image
// would be meant. Code::malformed for a form that Docker does not know or that does not end, Code::too_large
// for more than limits::dockerfile_word_bytes, or than `work` has left.
sigstore::Result<std::string> expand(std::string_view word, char escape, const Scope& scope, Work& work);

}  // namespace cosign
