#include "server/host/access_log.h"

#include <gtest/gtest.h>

#include <cstring>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_clock.h"
#include "sigstore/codec/json.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;
using sigstore::Result;

class TextReader final : public sigstore::FileReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    if (fails) return sigstore::fail(sigstore::Code::io, "broken");
    const std::size_t size = text_.copy(reinterpret_cast<char*>(out.data()), out.size());
    text_.erase(0, size);
    return size;
  }
  bool fails = false;

 private:
  std::string text_;
};

struct AccessLogTest : ::testing::Test {
  sigstore::fakes::FakeClock clock;
  std::vector<std::string> lines;
  AccessLog log{clock, [this](std::string_view line) { lines.emplace_back(line); }};
  sigstore::net::Headers headers{{"User-Agent", "curl/7.88.1"}, {"Authorization", "Basic secret"}};
  Served entry{.time = clock.now(),
               .started = clock.steady(),
               .id = "3f09c2-1",
               .method = "GET",
               .target = "/v2/a/tags/list?n=5",
               .peer = "127.0.0.1:40312",
               .headers = &headers,
               .encrypted = true,
               .status = 200,
               .received = 7,
               .route = "tags",
               .user = "dev",
               .repository = "a"};
  const Observers observers{&log};
  std::array<std::uint8_t, 4> room{};
};

TEST_F(AccessLogTest, ALineIsOneJsonObject) {
  clock.advance(61us);
  log.note(entry, 2);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(
      lines[0],
      R"({"time":"2026-01-01T00:00:00.000Z","method":"GET","path":"/v2/a/tags/list?n=5","status":200,"bytes":2,)"
      R"("duration":0.000061,"user":"dev","peer":"127.0.0.1:40312","received":7,"id":"3f09c2-1","route":"tags",)"
      R"("repository":"a","agent":"curl/7.88.1","tls":true})"
      "\n");
}

TEST_F(AccessLogTest, APathBreaksNoLine) {
  entry.target = "/v2/\"\n{}";
  log.note(entry, 0);
  EXPECT_EQ(lines[0].find('\n'), lines[0].size() - 1);
  EXPECT_NE(lines[0].find(R"(/v2/\"\n{})"), std::string::npos);
}

TEST_F(AccessLogTest, WhatAClientSaysOfItselfIsBoundedAndBreaksNothing) {
  std::string agent(5000, 'x');
  headers = {{"User-Agent", agent += '\n'}};
  log.note(entry, 0);
  headers = {{"User-Agent", "\"},\xff\x1b[31m"}};
  log.note(entry, 0);
  EXPECT_LT(lines[0].size(), 1500U);
  for (const auto& line : lines)
    EXPECT_TRUE(sigstore::codec::json::parse(line.substr(0, line.size() - 1), "line")) << line;
  EXPECT_NE(lines[1].find(R"("agent":"\"},\ufffd\u001b[31m")"), std::string::npos) << lines[1];
}

TEST_F(AccessLogTest, OfAQueryOnlyWhatIsKnownIsKept) {
  EXPECT_EQ(loggable_target("/v2/"), "/v2/");
  EXPECT_EQ(loggable_target("/v2/a/blobs/uploads/?token=secret&mount=sha256:1&x&from=b"),
            "/v2/a/blobs/uploads/?mount=sha256:1&from=b");
  EXPECT_EQ(loggable_target("/token?service=s&password=secret&scope=repository:a:pull&account=dev"),
            "/token?service=s&scope=repository:a:pull&account=dev");
  EXPECT_EQ(loggable_target("/v2/?n&&=secret&digest"), "/v2/?n&digest");
  EXPECT_EQ(loggable_target("/v2/?"), "/v2/");
  EXPECT_EQ(loggable_target("/" + std::string(9000, 'a')).size(), sigstore::limits::logged_text);
}

TEST_F(AccessLogTest, TroubleIsALineToo) {
  log.trouble("no space is left\non the \"disk\"");
  EXPECT_EQ(lines.at(0), R"({"time":"2026-01-01T00:00:00.000Z","level":"error",)"
                         R"("message":"no space is left\non the \"disk\""})"
                         "\n");
}

TEST_F(AccessLogTest, AStreamedBodyIsLoggedBeforeItsLastByteLeaves) {
  const auto body = watched(std::make_unique<TextReader>("sixsix"), 6, observers, entry);
  ASSERT_EQ(body->read(room).value(), 4U);
  EXPECT_TRUE(lines.empty());
  clock.advance(1s);
  ASSERT_EQ(body->read(room).value(), 2U);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("bytes":6,"duration":1.000000)"), std::string::npos);
}

TEST_F(AccessLogTest, ABodyThatNobodyReadToItsEndIsLoggedOnce) {
  {
    const auto body = watched(std::make_unique<TextReader>("sixsix"), 6, observers, entry);
    ASSERT_TRUE(body->read(room));
  }
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("bytes":4)"), std::string::npos);
}

TEST_F(AccessLogTest, ABodyThatFailsIsLoggedOnce) {
  auto source = std::make_unique<TextReader>("six");
  source->fails = true;
  {
    const auto body = watched(std::move(source), 3, observers, entry);
    EXPECT_FALSE(body->read(room));
  }
  EXPECT_EQ(lines.size(), 1U);
}

}  // namespace
}  // namespace server::host
