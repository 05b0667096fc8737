#include "server/host/address.h"

#include <gtest/gtest.h>

namespace server::host {
namespace {

TEST(Address, HostAndPort) {
  const std::vector<std::pair<std::string, Address>> good = {
      {"127.0.0.1:5000", {"127.0.0.1", 5000}},
      {"localhost:0", {"localhost", 0}},
      {"[::1]:65535", {"::1", 65535}},
      {":5000", {"0.0.0.0", 5000}},
      {"[::]:1", {"::", 1}},
  };
  for (const auto& [text, address] : good) {
    const auto parsed = Address::parse(text, "addr");
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, address) << text;
  }
}

TEST(Address, AnythingElseNamesTheFlag) {
  for (const char* text : {"", "5000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                           "::1:5000", "127.0.0.1:-1", "127.0.0.1:5000x"}) {
    const auto parsed = Address::parse(text, "addr");
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, sigstore::Code::invalid_argument) << text;
    EXPECT_NE(parsed.error().message.find("--addr"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace server::host
