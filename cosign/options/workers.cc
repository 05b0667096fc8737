#include "cosign/options/workers.h"

#include <algorithm>

#include "sigstore/base/limits.h"

namespace cosign {

Flag& declare_workers(FlagSet& flags, int* target, std::string help) {
  Flag& flag = flags.number("max-workers", target, std::move(help));
  flag.set = [target, read = std::move(flag.set)](const std::string& value) -> sigstore::Result<void> {
    const int before = *target;
    TRY_OK(read(value));
    if (*target < 1) {
      *target = before;
      return sigstore::fail(sigstore::Code::invalid_argument, "must be at least 1");
    }
    *target = std::min(*target, sigstore::limits::most_workers);
    return {};
  };
  return flag;
}

}  // namespace cosign
