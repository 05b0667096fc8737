#include "server/host/rate.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;

struct RateTest : ::testing::Test {
  sigstore::fakes::FakeClock clock;
};

TEST_F(RateTest, ABurstAndThenSoManyASecond) {
  Buckets buckets(clock, {.per_second = 2, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a")) << i;
  EXPECT_EQ(buckets.take("a"), 500ms);
  EXPECT_FALSE(buckets.take("b")) << "each has its own";
  clock.advance(500ms);
  EXPECT_FALSE(buckets.take("a"));
  EXPECT_TRUE(buckets.take("a"));
  buckets.give_back("a");
  EXPECT_FALSE(buckets.take("a"));
  clock.advance(1h);
  buckets.give_back("a");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a")) << "no more than a burst is saved up";
  EXPECT_TRUE(buckets.take("a"));
}

TEST_F(RateTest, TheNumberOfBucketsIsBounded) {
  Buckets buckets(clock, {.per_second = 1, .burst = 2}, 10);
  for (int i = 0; i < 1000; ++i) static_cast<void>(buckets.take(std::to_string(i)));
  EXPECT_LE(buckets.size(), 11U);
  EXPECT_TRUE(buckets.take("one more")) << "those without a bucket share one, which is empty";
  clock.advance(10s);
  EXPECT_FALSE(buckets.take("one more")) << "full ones were dropped, which makes room";
  EXPECT_LE(buckets.size(), 2U);
}

TEST_F(RateTest, ARoleIsAskedAtMostSoOften) {
  Buckets buckets(clock, {.per_second = 0.25, .burst = 1});
  int asked = 0;
  const Role role = limited([&](const Request&) { return ++asked, Response{}; }, buckets);
  sigstore::net::Headers none;
  Request request{.method = "GET", .target = "/v2/", .headers = &none, .content_length = 0, .body = nullptr};
  request.peer = "10.0.0.1:1";
  EXPECT_EQ(role(request).status, 200);
  request.peer = "10.0.0.1:2";
  const Response refused = role(request);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("Retry-After"), "4");
  EXPECT_NE(refused.text->find("TOOMANYREQUESTS"), std::string::npos);
  request.user = "dev";
  EXPECT_EQ(role(request).status, 200) << "a user counts for themselves";
  request.peer = "10.0.0.2:2";
  EXPECT_EQ(role(request).status, 429) << "from wherever they come";
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace server::host
