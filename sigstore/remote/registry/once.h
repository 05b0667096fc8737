// A value that many threads need: the first that asks makes it, the others wait for the same result.
#pragma once

#include <mutex>
#include <optional>

#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace sigstore::remote {

// A failure is everybody's too, for `failure_kept`; then it is tried again.
template <typename T>
class Once {
 public:
  static constexpr auto failure_kept = std::chrono::seconds(5);

  template <typename Make>
  Result<T> get(const Clock& clock, Make&& make) {
    std::scoped_lock lock(mutex_);
    if (!result_ || (!*result_ && clock.steady() - made_ >= failure_kept)) {
      result_ = make();
      made_ = clock.steady();
    }
    return *result_;
  }

 private:
  std::mutex mutex_;
  std::optional<Result<T>> result_;
  std::chrono::steady_clock::time_point made_{};
};

}  // namespace sigstore::remote
