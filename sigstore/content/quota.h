// A store that takes only so much.
#pragma once

#include "sigstore/content/store.h"

namespace sigstore::content {

struct Quota {
  std::uint64_t one = 0;  // bytes of one content; 0: no bound
  std::uint64_t all = 0;  // of all of them, and of those that are being written; 0: no bound
};

// `inner`, within these bounds. Writing beyond them is Code::too_large (one) and disk_full (all), and nothing
// is left of it. What `inner` holds is counted once, here: only this store may write to it from now on.
// Errors: those of counting. Thread-safe.
class LimitedStore : public Store {
 public:
  static Result<std::unique_ptr<LimitedStore>> make(std::unique_ptr<Store> inner, Quota quota);
  // What writing so many bytes more would be refused with now; they are not set aside.
  [[nodiscard]] virtual Result<void> admit(std::uint64_t bytes) const = 0;
  [[nodiscard]] virtual std::uint64_t used() const = 0;
};

}  // namespace sigstore::content
