// Simulated time for several actors: a discrete-event clock. Each actor is a thread, one runs at a time, and
// whoever sleeps hands over to the one that wakes first; so an interleaving of minutes takes milliseconds and
// the same seed gives the same run.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "sigstore/base/env.h"

namespace sigstore::store::testing {

class Simulation final : public Clock {
 public:
  // Runs all actors to their end. Only actors may sleep on this clock.
  void run(const std::vector<std::function<void()>>& actors);

  Time now() const override;
  std::chrono::steady_clock::time_point steady() const override;
  Result<void> sleep(Duration duration) override;

 private:
  void wait_for_turn(std::unique_lock<std::mutex>& lock, std::size_t actor);
  void wake_next();

  mutable std::mutex mutex_;
  std::deque<std::condition_variable> turns_;  // of each actor
  Duration elapsed_{};
  std::set<std::pair<Duration, std::size_t>> asleep_;
  std::size_t running_ = 0;
};

}  // namespace sigstore::store::testing
