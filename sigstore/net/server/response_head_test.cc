#include "sigstore/net/server/internal/response_head.h"

#include <gtest/gtest.h>

#include "sigstore/net/server/internal/wire.h"

namespace sigstore::net {
namespace {

using namespace std::chrono_literals;

std::string head(ResponseHead wanted, const Headers& headers = {}) {
  wanted.headers = &headers;
  const auto text = response_head(wanted);
  return text ? *text : "error: " + text.error().message;
}

TEST(ResponseHead, SizeDateAndEnd) {
  EXPECT_EQ(head({.status = 201, .length = 5, .keep = true}, {{"Location", "/x"}}),
            "HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(head({.status = 299, .date = "D"}),
            "HTTP/1.1 299 Status\r\nContent-Length: 0\r\nDate: D\r\nConnection: close\r\n\r\n");
}

TEST(ResponseHead, WhatHasNoBodyHasNoSize) {
  EXPECT_EQ(head({.status = 204, .keep = true}), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(head({.status = 304, .keep = true}), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(ResponseHead, FramingIsNotTheHandlersBusiness) {
  const Headers headers{
      {"content-length", "99"}, {"Transfer-Encoding", "chunked"}, {"CONNECTION", "keep-alive"}};
  EXPECT_EQ(head({.status = 200, .length = 3}, headers),
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(head({.status = 200, .to_head = true, .keep = true}, {{"Content-Length", "99"}}),
            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
}

TEST(ResponseHead, NothingBreaksOutOfAHeader) {
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string, std::string>>{{"X", "a\r\nSet-Cookie: b"},
                                                                  {"X", "a\nb"},
                                                                  {"X", std::string("a\0b", 3)},
                                                                  {"X: y\r\nZ", "a"},
                                                                  {"", "a"},
                                                                  {"X Y", "a"}})
    EXPECT_TRUE(head({.status = 200}, {{name, value}}).starts_with("error: ")) << name << value;
  EXPECT_TRUE(head({.status = 100}).starts_with("error: "));
  EXPECT_TRUE(head({.status = 1000}).starts_with("error: "));
}

TEST(Patience, BytesBuyTime) {
  Patience patience{.each = 10s, .total = 20s, .rate = 100};
  EXPECT_EQ(patience.next(), 10s);
  patience.waited = 15s;
  EXPECT_EQ(patience.next(), 5s);
  patience.bytes = 300;
  EXPECT_EQ(patience.next(), 8s);
  patience.waited = 24s;
  EXPECT_LE(patience.next(), 0s);
}

}  // namespace
}  // namespace sigstore::net
