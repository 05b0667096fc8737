#include <gtest/gtest.h>

#include "sigstore/net/transport.h"

namespace sigstore::net {
namespace {

using List = std::vector<std::pair<std::string, std::string>>;

TEST(Headers, CompareWithoutCase) {
  const Headers headers{{"Content-Type", "a"}, {"Link", "1"}, {"link", "2"}};
  EXPECT_EQ(headers.get("content-type"), "a");
  EXPECT_EQ(headers.get("LINK"), "1");
  EXPECT_EQ(headers.all("Link"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(headers.get("Content-Typ"), std::nullopt);
  EXPECT_TRUE(headers.all("Location").empty());
}

TEST(Headers, SetReplacesAllAndKeepsTheOthersInOrder) {
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  headers.set("a", "4");
  EXPECT_EQ(headers.list(), (List{{"B", "2"}, {"a", "4"}}));
  headers.add("B", "5");
  headers.remove("A");
  EXPECT_EQ(headers.list(), (List{{"B", "2"}, {"B", "5"}}));
}

}  // namespace
}  // namespace sigstore::net
