#include "server/host/exposition.h"

#include <gtest/gtest.h>

#include <cmath>

namespace server::host {
namespace {

TEST(ExpositionTest, AMetricIsItsHelpItsTypeAndItsSamples) {
  Exposition out;
  out.family("a_total", "counter", "How many.");
  out.sample({}, std::uint64_t{18446744073709551615U});
  out.sample({{"route", "tags"}, {"le", "+Inf"}}, 0.25, "_bucket");
  EXPECT_EQ(out.take(),
            "# HELP a_total How many.\n"
            "# TYPE a_total counter\n"
            "a_total 18446744073709551615\n"
            "a_total_bucket{route=\"tags\",le=\"+Inf\"} 0.25\n");
}

TEST(ExpositionTest, WhatWouldBreakALineIsEscaped) {
  Exposition out;
  out.family("a", "gauge", "one\ntwo \\ \"three\"");
  out.sample({{"version", "v\"1\"\n\\"}}, std::uint64_t{1});
  EXPECT_EQ(out.take(),
            "# HELP a one\\ntwo \\\\ \"three\"\n"
            "# TYPE a gauge\n"
            "a{version=\"v\\\"1\\\"\\n\\\\\"} 1\n");
}

TEST(ExpositionTest, Numbers) {
  EXPECT_EQ(exposition_number(0), "0");
  EXPECT_EQ(exposition_number(0.00025), "0.00025");
  EXPECT_EQ(exposition_number(1784851200.5), "1784851200.5");
  EXPECT_EQ(exposition_number(0.0001), "0.0001");
  EXPECT_EQ(exposition_number(1e-9), "1e-09");
  EXPECT_EQ(exposition_number(123456789012), "123456789012");
  EXPECT_EQ(exposition_number(1.5e300), "1.5e+300");
  EXPECT_EQ(exposition_number(INFINITY), "+Inf");
  EXPECT_EQ(exposition_number(-INFINITY), "-Inf");
  EXPECT_EQ(exposition_number(NAN), "NaN");
}

}  // namespace
}  // namespace server::host
