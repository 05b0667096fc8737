#include "sigstore/store/testing/simulation.h"

#include <algorithm>
#include <thread>

namespace sigstore::store::testing {
namespace {

constexpr std::chrono::seconds start(1767225600);  // 2026-01-01T00:00:00Z
thread_local std::size_t this_actor = 0;

}  // namespace

void Simulation::run(const std::vector<std::function<void()>>& actors) {
  std::vector<std::jthread> threads;
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = turns_.size(); i <= actors.size(); ++i) turns_.emplace_back();
  for (std::size_t i = 1; i <= actors.size(); ++i) asleep_.insert({elapsed_, i});
  wake_next();
  for (std::size_t i = 1; i <= actors.size(); ++i)
    threads.emplace_back([this, &actors, i] {
      this_actor = i;
      {
        std::unique_lock waiting(mutex_);
        wait_for_turn(waiting, i);
      }
      actors[i - 1]();
      const std::scoped_lock done(mutex_);
      wake_next();
    });
}

Time Simulation::now() const {
  const std::scoped_lock lock(mutex_);
  return Time(std::chrono::duration_cast<Time::duration>(start + elapsed_));
}

std::chrono::steady_clock::time_point Simulation::steady() const {
  const std::scoped_lock lock(mutex_);
  return std::chrono::steady_clock::time_point(std::chrono::hours(1) + elapsed_);
}

Result<void> Simulation::sleep(Duration duration) {
  std::unique_lock lock(mutex_);
  asleep_.insert({elapsed_ + std::max(duration, Duration{}), this_actor});
  wake_next();
  wait_for_turn(lock, this_actor);
  return {};
}

void Simulation::wait_for_turn(std::unique_lock<std::mutex>& lock, std::size_t actor) {
  turns_[actor].wait(lock, [&] { return running_ == actor; });
}

void Simulation::wake_next() {
  running_ = 0;
  if (asleep_.empty()) return;
  elapsed_ = std::max(elapsed_, asleep_.begin()->first);
  running_ = asleep_.begin()->second;
  asleep_.erase(asleep_.begin());
  turns_[running_].notify_one();
}

}  // namespace sigstore::store::testing
