#include "server/host/metrics.h"

#include <gtest/gtest.h>

#include <thread>

#include "sigstore/base/testing/fake_clock.h"
#include "sigstore/net/server/listener.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;

struct MetricsTest : ::testing::Test {
  sigstore::fakes::FakeClock clock;
  sigstore::net::ConnectionCounts connections;
  Metrics metrics{clock, {{"tags", "blob"}, "v1", "abc", &connections}};

  void note(std::string_view method, int status, std::string_view route, std::uint64_t sent = 0,
            std::chrono::nanoseconds took = 0ns, std::uint64_t received = 0) {
    const Served served{.started = clock.steady() - took,
                        .method = method,
                        .status = status,
                        .received = received,
                        .route = route};
    metrics.note(served, sent);
  }
  // The value of the line that begins so.
  [[nodiscard]] std::string value(const std::string& sample) const {
    const std::string text = "\n" + metrics.text();
    const auto at = text.find("\n" + sample + " ");
    if (at == text.npos) return "none";
    const auto from = at + sample.size() + 2;
    return text.substr(from, text.find('\n', from) - from);
  }
};

TEST_F(MetricsTest, RequestsAreCountedByMethodRouteAndStatus) {
  note("GET", 200, "tags");
  note("GET", 200, "tags");
  note("GET", 404, "blob");
  EXPECT_EQ(value(R"(cosign_http_requests_total{method="GET",route="tags",status="200"})"), "2");
  EXPECT_EQ(value(R"(cosign_http_requests_total{method="GET",route="blob",status="404"})"), "1");
}

TEST_F(MetricsTest, NobodyCanInventALabel) {
  for (int i = 0; i < 100; ++i) {
    const std::string word = "X" + std::to_string(i);
    note(word, 600 + i, word);
  }
  EXPECT_EQ(value(R"(cosign_http_requests_total{method="other",route="other",status="other"})"), "100");
  EXPECT_EQ(metrics.text().find("X1"), std::string::npos);
}

TEST_F(MetricsTest, BytesBothWays) {
  note("PUT", 201, "blob", 3, 0ns, 1000);
  note("GET", 200, "blob", 2000, 0ns, 0);
  EXPECT_EQ(value(R"(cosign_http_received_bytes_total{route="blob"})"), "1000");
  EXPECT_EQ(value(R"(cosign_http_sent_bytes_total{route="blob"})"), "2003");
}

TEST_F(MetricsTest, DurationsAreCumulative) {
  note("GET", 200, "tags", 0, 50us);
  note("GET", 200, "tags", 0, 100us);  // on the bound: within it
  note("GET", 200, "tags", 0, 2s);
  note("GET", 200, "tags", 0, 1h);
  const std::string name = "cosign_http_request_duration_seconds";
  EXPECT_EQ(value(name + R"(_bucket{route="tags",le="0.0001"})"), "2");
  EXPECT_EQ(value(name + R"(_bucket{route="tags",le="1"})"), "2");
  EXPECT_EQ(value(name + R"(_bucket{route="tags",le="5"})"), "3");
  EXPECT_EQ(value(name + R"(_bucket{route="tags",le="+Inf"})"), "4");
  EXPECT_EQ(value(name + R"(_count{route="tags"})"), "4");
  EXPECT_EQ(value(name + R"(_sum{route="tags"})"), "3602.00015");
}

TEST_F(MetricsTest, WhatIsUnderWay) {
  metrics.began();
  metrics.began();
  metrics.ended();
  connections.accepted = 5;
  connections.open = 3;
  EXPECT_EQ(value("cosign_http_requests_in_flight"), "1");
  EXPECT_EQ(value("cosign_connections_total"), "5");
  EXPECT_EQ(value("cosign_connections_open"), "3");
}

TEST_F(MetricsTest, TheProgramAndItsProcess) {
  metrics.gauge("cosign_registry_uploads_open", "Uploads.", [] { return 7.0; });
  EXPECT_EQ(value(R"(cosign_build_info{version="v1",commit="abc"})"), "1");
  EXPECT_EQ(value("cosign_registry_uploads_open"), "7");
  EXPECT_EQ(value("process_start_time_seconds"), "1767225600");
  EXPECT_GT(std::stod(value("process_resident_memory_bytes")), 1e6);
  EXPECT_GT(std::stod(value("process_open_fds")), 2);
}

TEST_F(MetricsTest, ManyThreadsLoseNothing) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 5000; ++n) {
          metrics.began();
          note("GET", 200, "tags", 1);
          metrics.ended();
          EXPECT_TRUE(n % 1000 != 0 || !metrics.text().empty());
        }
      });
  }
  EXPECT_EQ(value(R"(cosign_http_requests_total{method="GET",route="tags",status="200"})"), "20000");
  EXPECT_EQ(value("cosign_http_requests_in_flight"), "0");
}

TEST_F(MetricsTest, TheyStandBesideARole) {
  const Role role = with_metrics([](const Request&) { return Response{.status = 418}; }, metrics);
  const sigstore::net::Headers none;
  const auto ask = [&](std::string_view method, std::string_view target) {
    return role({.method = method, .target = target, .headers = &none, .content_length = 0, .body = nullptr});
  };
  const auto found = ask("GET", "/metrics?x=1");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(found.text->find("# TYPE cosign_http_requests_total counter\n"), std::string::npos);
  EXPECT_EQ(ask("POST", "/metrics").status, 405);
  EXPECT_EQ(ask("GET", "/metrics/").status, 418);
}

}  // namespace
}  // namespace server::host
