#include "server/host/access_log.h"

#include <gtest/gtest.h>

#include <cstring>

#include "sigstore/base/testing/fake_clock.h"

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
  Served entry{.time = clock.now(),
               .started = clock.steady(),
               .method = "GET",
               .path = "/v2/a/tags/list?n=5",
               .user = "dev",
               .peer = "127.0.0.1:40312",
               .status = 200};
  std::array<std::uint8_t, 4> room{};
};

TEST_F(AccessLogTest, ALineIsOneJsonObject) {
  clock.advance(61us);
  log.note(entry, 2);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(
      lines[0],
      R"({"time":"2026-01-01T00:00:00Z","method":"GET","path":"/v2/a/tags/list?n=5","status":200,"bytes":2,)"
      R"("duration":0.000061,"user":"dev","peer":"127.0.0.1:40312"})"
      "\n");
}

TEST_F(AccessLogTest, APathBreaksNoLine) {
  entry.path = "/v2/\"\n{}";
  log.note(entry, 0);
  EXPECT_EQ(lines[0].find('\n'), lines[0].size() - 1);
  EXPECT_NE(lines[0].find(R"(/v2/\"\n{})"), std::string::npos);
}

TEST_F(AccessLogTest, AStreamedBodyIsLoggedBeforeItsLastByteLeaves) {
  const auto body = watched(std::make_unique<TextReader>("sixsix"), 6, {&log}, entry);
  ASSERT_EQ(body->read(room).value(), 4U);
  EXPECT_TRUE(lines.empty());
  clock.advance(1s);
  ASSERT_EQ(body->read(room).value(), 2U);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("bytes":6,"duration":1.000000)"), std::string::npos);
}

TEST_F(AccessLogTest, ABodyThatNobodyReadToItsEndIsLoggedOnce) {
  {
    const auto body = watched(std::make_unique<TextReader>("sixsix"), 6, {&log}, entry);
    ASSERT_TRUE(body->read(room));
  }
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("bytes":4)"), std::string::npos);
}

TEST_F(AccessLogTest, ABodyThatFailsIsLoggedOnce) {
  auto source = std::make_unique<TextReader>("six");
  source->fails = true;
  {
    const auto body = watched(std::move(source), 3, {&log}, entry);
    EXPECT_FALSE(body->read(room));
  }
  EXPECT_EQ(lines.size(), 1U);
}

}  // namespace
}  // namespace server::host
