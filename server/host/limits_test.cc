#include "server/host/limits.h"

#include <gtest/gtest.h>

namespace server::host {
namespace {

using sigstore::Code;
using sigstore::Result;

const sigstore::net::Headers no_headers;

struct LimitsTest : ::testing::Test {
  int asked = 0;
  const Role role = [this](const Request&) { return ++asked, Response{.status = 204}; };
  static Request of(std::string_view method, std::optional<std::uint64_t> length = 0) {
    return {
        .method = method, .target = "/", .headers = &no_headers, .content_length = length, .body = nullptr};
  }
};

TEST_F(LimitsTest, WhatIsReadOnlyIsRead) {
  const Role limited = read_only(role);
  for (const char* method : {"GET", "HEAD"}) EXPECT_EQ(limited(of(method)).status, 204) << method;
  for (const char* method : {"PUT", "POST", "PATCH", "DELETE", "BREW", "get"}) {
    const Response refused = limited(of(method));
    EXPECT_EQ(refused.status, 405) << method;
    EXPECT_EQ(refused.headers.get("Allow"), "GET, HEAD");
    EXPECT_NE(refused.text->find("UNSUPPORTED"), std::string::npos);
    EXPECT_NE(refused.text->find("read-only"), std::string::npos);
  }
  EXPECT_EQ(asked, 2);
}

TEST_F(LimitsTest, ABodyThatIsTooLargeIsRefusedUnread) {
  const Role limited = sized(role, [](std::uint64_t bytes) -> Result<void> {
    if (bytes > 100) return sigstore::fail(Code::too_large, "at most 100 bytes");
    if (bytes > 50) return sigstore::fail(Code::disk_full, "a path of this machine");
    return {};
  });
  EXPECT_EQ(limited(of("PUT", 101)).status, 413);
  EXPECT_NE(limited(of("PUT", 101)).text->find("at most 100 bytes"), std::string::npos);
  EXPECT_EQ(limited(of("PUT", 51)).status, 507);
  EXPECT_EQ(limited(of("PUT", 51)).text->find("path"), std::string::npos);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(limited(of("PUT", 50)).status, 204);
  EXPECT_EQ(limited(of("PATCH", std::nullopt)).status, 204) << "unknown until it was read";
}

}  // namespace
}  // namespace server::host
