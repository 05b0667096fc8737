#include "sigstore/store/settling.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;

struct SettlingTest : ::testing::Test {
  fakes::FakeEnv fake;
  Settling settling{fake.env(), false};
  Settling::Steady start{1h};
};

TEST_F(SettlingTest, a_quick_write_is_looked_at_after_two_tenths_of_a_second) {
  settling.wrote(start, start + 10ms);
  EXPECT_EQ(settling.quiet_at(), start + 210ms);
  for (int i = 0; i < 100; ++i) {
    const Duration wait = settling.after_write();
    EXPECT_GE(wait, 200ms);
    EXPECT_LE(wait, 240ms);
  }
}

TEST_F(SettlingTest, a_slow_one_after_five_times_what_it_took) {
  settling.wrote(start, start + 300ms);
  EXPECT_EQ(settling.quiet_at(), start + 300ms + 1500ms);
  EXPECT_GE(settling.after_write(), 1500ms);
}

TEST_F(SettlingTest, another_writer_asks_for_two_quiet_seconds) {
  settling.wrote(start, start);
  settling.disturbed(start + 100ms, false);
  EXPECT_EQ(settling.quiet_at(), start + 2100ms);
  settling.disturbed(start + 1s, false);
  EXPECT_EQ(settling.quiet_at(), start + 3s);
}

TEST_F(SettlingTest, news_without_losses_is_waited_for_ten_seconds_at_most) {
  settling.wrote(start, start);
  for (int i = 0; i < 30; ++i) settling.disturbed(start + i * 1s, false);
  EXPECT_EQ(settling.quiet_at(), start + 10200ms);
  settling.disturbed(start + 30s, true);
  EXPECT_EQ(settling.quiet_at(), start + 32s) << "a loss counts anew";
}

TEST_F(SettlingTest, looks_come_at_random_and_not_after_the_end) {
  settling.wrote(start, start);
  settling.disturbed(start, false);
  EXPECT_NE(settling.until_quiet(start), settling.until_quiet(start));
  EXPECT_LE(settling.until_quiet(start + 1950ms), 50ms);
}

TEST_F(SettlingTest, backing_off_grows_to_a_second_and_a_half) {
  Duration longest{};
  for (int i = 0; i < 100; ++i) {
    const Duration wait = settling.back_off();
    if (i == 0) {
      EXPECT_LE(wait, 25ms);
    }
    longest = std::max(longest, wait);
  }
  EXPECT_GE(longest, 1s);
  EXPECT_LE(longest, 1500ms);
}

TEST_F(SettlingTest, who_cannot_lose_does_not_wait) {
  Settling at_once(fake.env(), true);
  at_once.wrote(start, start + 1s);
  at_once.disturbed(start + 1s, true);
  EXPECT_EQ(at_once.after_write(), 0ms);
  EXPECT_EQ(at_once.quiet_at(), start + 1s);
}

}  // namespace
}  // namespace sigstore::store
