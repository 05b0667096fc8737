// A clock that only moves when it is told to, or slept on.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "sigstore/base/env.h"

namespace sigstore::fakes {

class FakeClock final : public Clock {
 public:
  // Starts at 2026-01-01T00:00:00Z.
  FakeClock() = default;
  Time now() const override;
  std::chrono::steady_clock::time_point steady() const override;
  Result<void> sleep(Duration duration) override;  // returns at once, `duration` later

  void advance(Duration duration);
  void cancel();                                          // every further sleep is Code::cancelled
  void on_sleep(std::function<void(Duration)> observer);  // called before the time moves; may use the clock
  [[nodiscard]] std::vector<Duration> sleeps() const;

 private:
  mutable std::mutex mutex_;
  Duration elapsed_{};
  bool cancelled_ = false;
  std::vector<Duration> sleeps_;
  std::function<void(Duration)> observer_;
};

}  // namespace sigstore::fakes
