// Flags of the real cosign whose service is not built here yet. They stay on the command line's grammar, in
// the compatibility section of --help: one that has no effect on what is asked is taken and ignored, one that
// would change the result is refused, so that nothing is skipped silently.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "cosign/args/command.h"

namespace cosign {

// Of --sk, the hardware token of the real one.
inline constexpr const char* instead_of_sk = "name the key in the token by --key pkcs11:… (docs/pkcs11.md)";

class LaterFlags {
 public:
  enum class Effect { ignored, refused };

  // An empty `value_name` declares a boolean. `hint` is what to do instead of a refused one.
  void declare(FlagSet& flags, Effect effect, const std::string& name, const std::string& value_name,
               const std::string& help, std::string hint = {});
  // Code::unsupported for the first refused flag that was given a value other than its default.
  [[nodiscard]] sigstore::Result<void> refuse() const;

 private:
  struct Entry {
    std::string name;
    Effect effect;
    std::string hint;
    bool on = false;
    std::vector<std::string> values;
  };
  std::deque<Entry> entries_;  // addresses stay
};

}  // namespace cosign
