#include "sigstore/codec/rfc3339.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

using namespace std::chrono_literals;

Time at(std::int64_t unix_seconds) {
  return Time(std::chrono::seconds(unix_seconds));
}

TEST(Rfc3339, WritesUtcSeconds) {
  EXPECT_EQ(rfc3339::seconds(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339::seconds(at(1784851200)), "2026-07-24T00:00:00Z");
  EXPECT_EQ(rfc3339::seconds(at(-1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(rfc3339::seconds(at(0) - 1ns), "1969-12-31T23:59:59Z");
}

TEST(Rfc3339, WritesUtcMilliseconds) {
  EXPECT_EQ(rfc3339::milliseconds(at(1784851200)), "2026-07-24T00:00:00.000Z");
  EXPECT_EQ(rfc3339::milliseconds(at(0) + 7ms + 999us), "1970-01-01T00:00:00.007Z");
  EXPECT_EQ(rfc3339::milliseconds(at(0) - 1ns), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ReadsFractionsAndOffsets) {
  EXPECT_EQ(rfc3339::parse("2026-07-24T00:00:00Z"), at(1784851200));
  EXPECT_EQ(rfc3339::parse("2026-07-24T02:30:00+02:30"), at(1784851200));
  EXPECT_EQ(rfc3339::parse("2026-07-23T16:00:00-08:00"), at(1784851200));
  EXPECT_EQ(rfc3339::parse("1970-01-01T00:00:00.25Z"), at(0) + 250ms);
  EXPECT_EQ(rfc3339::parse("1970-01-01T00:00:00.1234567891Z"), at(0) + 123456789ns);
  EXPECT_EQ(rfc3339::parse("2024-02-29T12:00:00Z"), at(1709208000));
}

TEST(Rfc3339, RefusesWhatIsNoInstant) {
  for (const char* text :
       {"", "2026-07-24", "2026-07-24 00:00:00Z", "2026-07-24t00:00:00z", "2026-07-24T00:00:00",
        "2026-07-24T00:00Z", "2026-7-24T00:00:00Z", "2026-07-24T00:00:00.Z", "2026-07-24T00:00:00+0200",
        "2026-07-24T00:00:00+24:00", "2026-07-24T00:00:00+02:60", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-00-01T00:00:00Z", "2026-07-24T24:00:00Z", "2026-07-24T23:60:00Z",
        "2026-06-30T23:59:60Z", "2026-07-24T00:00:00Zx", "+026-07-24T00:00:00Z"}) {
    const auto time = rfc3339::parse(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Code::malformed) << text;
  }
}

TEST(Rfc3339, SaysWhenTheInstantDoesNotFit) {
  for (const char* text : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    EXPECT_EQ(rfc3339::parse(text).error().code, Code::unsupported) << text;
  }
  for (const char* text : {"1678-01-01T00:00:00+23:59", "2261-12-31T23:59:59.999999999-23:59"}) {
    ASSERT_TRUE(rfc3339::parse(text)) << text;
  }
  EXPECT_LT(*rfc3339::parse("1678-01-01T00:00:00Z"), *rfc3339::parse("2261-12-31T23:59:59Z"));
}

TEST(Rfc3339, RoundTrips) {
  for (std::int64_t second = -9'000'000'000; second < 9'000'000'000; second += 123'456'789) {
    EXPECT_EQ(rfc3339::parse(rfc3339::seconds(at(second))), at(second));
  }
}

}  // namespace
}  // namespace sigstore::codec
