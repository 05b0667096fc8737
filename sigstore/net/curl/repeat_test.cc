// A kept connection that breaks under a request: only GET and HEAD may be sent again.
#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/testing/raw_server.h"

namespace sigstore::net {
namespace {

using testing::RawServer;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct RepeatTest : ::testing::TestWithParam<bool> {
  // Answers the first request of every connection, and ends it upon the second without a word.
  RawServer server{[](RawServer::Peer& peer) {
    peer.hear();
    peer.say(ok);
    peer.hear();
    if (GetParam()) peer.reset();
  }};
  fakes::FakeEnv fake;
  std::unique_ptr<Transport> transport = make_curl_transport(fake.env(), {});

  Result<Response> send(const std::string& method, const std::string& body = "") {
    Request request;
    request.method = method;
    request.url = server.url();
    request.body = body;
    return transport->send(request);
  }
  std::vector<std::string> methods() {
    std::vector<std::string> found;
    for (const std::string& request : server.heard()) found.push_back(request.substr(0, request.find(' ')));
    return found;
  }
};

TEST_P(RepeatTest, WhatMayHaveBeenCarriedOutIsNotSentAgain) {
  for (const char* method : {"PUT", "POST", "PATCH", "DELETE"}) {
    ASSERT_TRUE(send("GET"));
    const auto answer = send(method, "body");
    ASSERT_FALSE(answer) << method;
    EXPECT_EQ(answer.error().code, Code::unavailable);
    EXPECT_EQ(answer.error().message, "the connection to " + server.url().authority() + " broke");
  }
  EXPECT_EQ(methods(),
            (std::vector<std::string>{"GET", "PUT", "GET", "POST", "GET", "PATCH", "GET", "DELETE"}));
}

TEST_P(RepeatTest, AnEmptyBodyMakesNoDifference) {
  ASSERT_TRUE(send("GET"));
  EXPECT_FALSE(send("POST"));
  ASSERT_TRUE(send("GET"));
  EXPECT_FALSE(send("DELETE"));
  EXPECT_EQ(methods(), (std::vector<std::string>{"GET", "POST", "GET", "DELETE"}));
}

TEST_P(RepeatTest, ReadingIsRepeatedOnANewConnection) {
  ASSERT_TRUE(send("GET"));
  const auto answer = send("GET");
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body, "ok");
  EXPECT_EQ(server.connections(), 2);
  EXPECT_EQ(methods(), (std::vector<std::string>{"GET", "GET", "GET"}));
}

INSTANTIATE_TEST_SUITE_P(FarewellOrReset, RepeatTest, ::testing::Bool());

}  // namespace
}  // namespace sigstore::net
