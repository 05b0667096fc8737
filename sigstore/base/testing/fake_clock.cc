#include "sigstore/base/testing/fake_clock.h"

namespace sigstore::fakes {
namespace {
constexpr std::chrono::seconds start(1767225600);  // 2026-01-01T00:00:00Z
}

Time FakeClock::now() const {
  const std::lock_guard lock(mutex_);
  return Time(std::chrono::duration_cast<Time::duration>(start + elapsed_));
}

std::chrono::steady_clock::time_point FakeClock::steady() const {
  const std::lock_guard lock(mutex_);
  return std::chrono::steady_clock::time_point(std::chrono::hours(1) + elapsed_);
}

Result<void> FakeClock::sleep(Duration duration) {
  std::function<void(Duration)> observer;
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return fail(Code::cancelled, "interrupted");
    sleeps_.push_back(duration);
    observer = observer_;
  }
  if (observer) observer(duration);
  advance(duration);
  return {};
}

void FakeClock::advance(Duration duration) {
  const std::lock_guard lock(mutex_);
  elapsed_ += duration;
}

void FakeClock::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
}

void FakeClock::on_sleep(std::function<void(Duration)> observer) {
  const std::lock_guard lock(mutex_);
  observer_ = std::move(observer);
}

std::vector<Duration> FakeClock::sleeps() const {
  const std::lock_guard lock(mutex_);
  return sleeps_;
}

}  // namespace sigstore::fakes
