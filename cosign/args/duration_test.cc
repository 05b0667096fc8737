#include "cosign/args/duration.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsWhatGoReads) {
  const std::vector<std::pair<std::string, std::chrono::nanoseconds>> rows = {
      {"0", 0ns},
      {"-0", 0ns},
      {"3m0s", 3min},
      {"1h15m30.5s", 1h + 15min + 30s + 500ms},
      {"1.5h", 90min},
      {"300ms", 300ms},
      {"-2m", -2min},
      {"+5s", 5s},
      {".5s", 500ms},
      {"5.s", 5s},
      {"1us", 1us},
      {"1µs", 1us},
      {"1ns", 1ns},
      {"0.1ns", 0ns},
      {"2540400h", 2540400h},
      {"1s1s", 2s},
      {"0.100000000000000000000h", 6min},
  };
  for (const auto& [text, expected] : rows) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, expected) << text;
  }
}

TEST(Duration, RefusesTheRest) {
  for (const char* text : {"", "-", "3", "s", ".s", ".", "1 s", "3m ", "1x", "1d", "--1s", "1.2.3s", "1e3s",
                           "9999999h", "99999999999999999999s", "9223372036854775808ns"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, WritesAsGoWrites) {
  EXPECT_EQ(duration_text(0ns), "0s");
  EXPECT_EQ(duration_text(3min), "3m0s");
  EXPECT_EQ(duration_text(1h), "1h0m0s");
  EXPECT_EQ(duration_text(90500ms), "1m30.5s");
  EXPECT_EQ(duration_text(1500us), "1.5ms");
  EXPECT_EQ(duration_text(15ns), "15ns");
  EXPECT_EQ(duration_text(2us), "2µs");
  EXPECT_EQ(duration_text(-2s), "-2s");
}

}  // namespace
}  // namespace cosign
