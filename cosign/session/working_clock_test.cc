#include "cosign/session/working_clock.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_clock.h"

namespace cosign {
namespace {

using namespace std::chrono_literals;
using sigstore::Result;
using sigstore::Secret;

// A person who takes an hour for every answer.
class Slow final : public sigstore::Prompter {
 public:
  explicit Slow(sigstore::fakes::FakeClock& clock) : clock_(clock) {}
  Result<Secret> password(const std::string&, bool, const std::string&) override {
    clock_.advance(1h);
    return Secret("word");
  }
  Result<std::string> line(const std::string&, const std::string&) override {
    clock_.advance(1h);
    return "line";
  }
  Result<void> confirm(const std::string&, const std::string&) override {
    clock_.advance(1h);
    return sigstore::fail(sigstore::Code::declined, "no");
  }

 private:
  sigstore::fakes::FakeClock& clock_;
};

TEST(WorkingClock, QuestionsTakeNoTime) {
  sigstore::fakes::FakeClock real;
  WorkingClock clock(real);
  Slow slow(real);
  TimedPrompter prompter(slow, clock);
  const auto start = clock.steady();
  real.advance(2s);
  EXPECT_EQ(prompter.password("p", true, "F")->reveal(), "word");
  EXPECT_EQ(*prompter.line("p", "F"), "line");
  real.advance(3s);
  EXPECT_EQ(prompter.confirm("q", "F").error().code, sigstore::Code::declined);
  EXPECT_EQ(clock.steady() - start, 5s);
  EXPECT_EQ(clock.now(), real.now());
}

TEST(WorkingClock, StandsStillWhileAnyQuestionIsOpen) {
  sigstore::fakes::FakeClock real;
  WorkingClock clock(real);
  const auto start = clock.steady();
  clock.question_begins();
  real.advance(1min);
  EXPECT_EQ(clock.steady(), start);
  clock.question_begins();
  real.advance(1min);
  clock.question_ends();
  real.advance(1min);
  EXPECT_EQ(clock.steady(), start);
  clock.question_ends();
  EXPECT_EQ(clock.steady(), start);
  ASSERT_TRUE(clock.sleep(1s));
  EXPECT_EQ(clock.steady() - start, 1s);
}

}  // namespace
}  // namespace cosign
