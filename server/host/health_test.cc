#include "server/host/health.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_clock.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;
using sigstore::Code;

struct HealthTest : ::testing::Test {
  sigstore::fakes::FakeClock clock;
  sigstore::Result<void> state;
  int checks = 0;
  std::vector<std::string> troubles;
  const Role role = with_health([](const Request&) { return Response{.status = 418}; }, clock,
                                {.check =
                                     [this] {
                                       ++checks;
                                       return state;
                                     },
                                 .trouble = [this](const std::string& line) { troubles.push_back(line); }});

  Response ask(std::string_view method = "GET", std::string_view target = "/healthz") {
    const sigstore::net::Headers none;
    return role({.method = method, .target = target, .headers = &none, .content_length = 0, .body = nullptr});
  }
};

TEST_F(HealthTest, ItWorks) {
  EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(*ask().text, "{\"status\":\"ok\"}\n");
  EXPECT_EQ(ask("HEAD", "/healthz?from=lb").status, 200);
}

TEST_F(HealthTest, ItSaysWhyNotButNotWhere) {
  state = sigstore::fail(Code::disk_full, "cannot write /secret/place", "no space left");
  EXPECT_EQ(ask().status, 503);
  EXPECT_EQ(*ask().text, "{\"status\":\"unavailable\",\"reason\":\"the storage is full\"}\n");
  clock.advance(1s);
  state = sigstore::fail(Code::io, "cannot write /secret/place");
  EXPECT_EQ(*ask().text, "{\"status\":\"unavailable\",\"reason\":\"the storage cannot be used\"}\n");
}

TEST_F(HealthTest, WhoAsksOftenCostsNoMore) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(checks, 1);
  state = sigstore::fail(Code::io, "broken");
  clock.advance(999ms);
  EXPECT_EQ(ask().status, 200);
  clock.advance(1ms);
  EXPECT_EQ(ask().status, 503);
  EXPECT_EQ(checks, 2);
}

TEST_F(HealthTest, TroubleIsToldOnceEachTimeItBegins) {
  for (const bool works : {false, false, true, false}) {
    state = works ? sigstore::Result<void>{} : sigstore::fail(Code::io, "cannot write /secret/place");
    clock.advance(1s);
    ask();
  }
  EXPECT_EQ(troubles, std::vector<std::string>(2, "not healthy: cannot write /secret/place"));
}

TEST_F(HealthTest, AllElseGoesOn) {
  EXPECT_EQ(ask("GET", "/healthz/").status, 418);
  EXPECT_EQ(ask("GET", "/v2/").status, 418);
  EXPECT_EQ(ask("PUT").status, 405);
  EXPECT_EQ(checks, 0);
}

}  // namespace
}  // namespace server::host
