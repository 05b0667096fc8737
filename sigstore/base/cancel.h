// The wish to stop, as a value: a signal handler sets it, whoever waits notices at once.
#pragma once

#include <atomic>

namespace sigstore {

// Set once, never cleared. Usable from any number of threads.
class Cancel {
 public:
  Cancel();
  ~Cancel();
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;

  void set() noexcept;  // async-signal-safe
  [[nodiscard]] bool is_set() const noexcept { return set_.load(std::memory_order_acquire); }
  // A descriptor that polls readable once set() was called; it stays so, for every waiter. Not to be read or
  // closed. -1 when the system gave none: then poll is_set().
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  std::atomic<bool> set_ = false;
  int descriptor_ = -1;
};

}  // namespace sigstore
