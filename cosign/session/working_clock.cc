#include "cosign/session/working_clock.h"

namespace cosign {
namespace {

class Question {
 public:
  explicit Question(WorkingClock& clock) : clock_(clock) { clock_.question_begins(); }
  ~Question() { clock_.question_ends(); }
  Question(const Question&) = delete;

 private:
  WorkingClock& clock_;
};

std::unexpected<sigstore::Error> nobody(const std::string& flag) {
  return sigstore::fail(sigstore::Code::declined, "nobody can answer a question here",
                        "standard input is what is worked on",
                        (flag.starts_with('-') ? "add " : "set ") + flag);
}

}  // namespace

std::chrono::steady_clock::time_point WorkingClock::steady() const {
  const std::lock_guard lock(mutex_);
  return (questions_ > 0 ? asked_ : inner_.steady()) - waited_;
}

void WorkingClock::question_begins() {
  const std::lock_guard lock(mutex_);
  if (questions_++ == 0) asked_ = inner_.steady();
}

void WorkingClock::question_ends() {
  const std::lock_guard lock(mutex_);
  if (--questions_ == 0) waited_ += inner_.steady() - asked_;
}

sigstore::Result<sigstore::Secret> TimedPrompter::password(const std::string& prompt, bool confirm,
                                                           const std::string& flag) {
  if (taken_) return nobody(flag);
  const Question question(clock_);
  return inner_.password(prompt, confirm, flag);
}

sigstore::Result<std::string> TimedPrompter::line(const std::string& prompt, const std::string& flag) {
  if (taken_) return nobody(flag);
  const Question question(clock_);
  return inner_.line(prompt, flag);
}

sigstore::Result<void> TimedPrompter::confirm(const std::string& question, const std::string& flag) {
  if (taken_) return nobody(flag);
  const Question open(clock_);
  return inner_.confirm(question, flag);
}

}  // namespace cosign
