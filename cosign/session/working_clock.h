// Time that stands still while a person is asked something: --timeout is for the work, not for looking up a
// password.
#pragma once

#include <atomic>
#include <mutex>

#include "sigstore/base/env.h"

namespace cosign {

// steady() leaves out the time that was spent in questions; now() and sleep() are the inner clock's.
// Thread-safe.
class WorkingClock final : public sigstore::Clock {
 public:
  explicit WorkingClock(sigstore::Clock& inner) : inner_(inner) {}

  [[nodiscard]] sigstore::Time now() const override { return inner_.now(); }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
  sigstore::Result<void> sleep(sigstore::Duration duration) override { return inner_.sleep(duration); }

  // One question begins or ends; several may be open at once.
  void question_begins();
  void question_ends();

 private:
  sigstore::Clock& inner_;
  mutable std::mutex mutex_;
  int questions_ = 0;
  std::chrono::steady_clock::time_point asked_;  // when the first of the open ones began
  sigstore::Duration waited_{};
};

// Asks `inner`, and tells `clock`. Both outlive it.
class TimedPrompter final : public sigstore::Prompter {
 public:
  TimedPrompter(sigstore::Prompter& inner, WorkingClock& clock) : inner_(inner), clock_(clock) {}

  // Standard input is read by somebody else: every question is Code::declined from now on.
  void input_is_taken() { taken_ = true; }

  sigstore::Result<sigstore::Secret> password(const std::string& prompt, bool confirm,
                                              const std::string& flag) override;
  sigstore::Result<std::string> line(const std::string& prompt, const std::string& flag) override;
  sigstore::Result<void> confirm(const std::string& question, const std::string& flag) override;

 private:
  sigstore::Prompter& inner_;
  WorkingClock& clock_;
  std::atomic<bool> taken_ = false;
};

}  // namespace cosign
