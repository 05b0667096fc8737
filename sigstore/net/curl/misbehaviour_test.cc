// Servers that lie, break off, or never end.
#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/testing/raw_server.h"

namespace sigstore::net {
namespace {

using testing::RawServer;

struct MisbehaviourTest : ::testing::Test {
  fakes::FakeEnv fake;
  std::unique_ptr<Transport> transport = make_curl_transport(fake.env(), {});
  std::string host;

  // What comes of a GET whose answer is this text and the end of the connection.
  Result<Response> answered(const std::string& text, const std::string& method = "GET") {
    return served(
        [text](RawServer::Peer& peer) {
          peer.hear();
          peer.say(text);
        },
        method);
  }
  Result<Response> served(std::function<void(RawServer::Peer&)> serve, const std::string& method = "GET") {
    RawServer server(std::move(serve));
    host = server.url().authority();
    Request request;
    request.method = method;
    request.url = server.url();
    request.max_body = 1000000;
    return transport->send(request);
  }
  Error refused(const std::string& text) {
    const auto response = answered(text);
    EXPECT_FALSE(response) << text.substr(0, 100);
    return response ? Error() : response.error();
  }
};

TEST_F(MisbehaviourTest, WhatIsNoHttp) {
  for (const char* text :
       {"hello\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/3.7 200 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n"}) {
    const Error error = refused(text);
    EXPECT_EQ(error.code, Code::malformed) << text << error.text();
    EXPECT_EQ(error.message, host + " does not speak HTTP") << text;
  }
}

TEST_F(MisbehaviourTest, NoAnswerAtAll) {
  const Error error = refused("");
  EXPECT_EQ(error.code, Code::unavailable);
  EXPECT_EQ(error.message, "the connection to " + host + " broke");
  const auto reset = served([](RawServer::Peer& peer) {
    peer.hear();
    peer.reset();
  });
  ASSERT_FALSE(reset);
  EXPECT_EQ(
      reset.error(),
      (Error{Code::unavailable, "the connection to " + host + " broke", "it closed the connection", {}}));
}

TEST_F(MisbehaviourTest, ACutBody) {
  for (const char* text : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"}) {
    const Error error = refused(text);
    EXPECT_EQ(error.code, Code::unavailable) << text;
    EXPECT_EQ(error.message, "the connection to " + host + " broke") << text;
  }
}

TEST_F(MisbehaviourTest, CutHeaders) {
  EXPECT_EQ(refused("HTTP/1.1 200 OK\r\nContent-Le").code, Code::unavailable);
  EXPECT_EQ(refused("HTTP/1.1 200").code, Code::unavailable);
}

TEST_F(MisbehaviourTest, ABodyUpToTheEndOfTheConnection) {
  EXPECT_EQ(answered("HTTP/1.0 200 OK\r\n\r\nall of it")->body, "all of it");
}

TEST_F(MisbehaviourTest, InformationBeforeTheAnswer) {
  const auto response = answered(
      "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 103 Early\r\nX: 2\r\n\r\nHTTP/1.1 201 Created\r\nX: "
      "3\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->headers.all("X"), (std::vector<std::string>{"3"}));
}

TEST_F(MisbehaviourTest, TrailersAreNoHeaders) {
  const auto response = answered(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nDocker-Content-Digest: "
      "sha256:lie\r\n\r\n");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "ok");
  EXPECT_EQ(response->headers.get("Docker-Content-Digest"), std::nullopt);
}

TEST_F(MisbehaviourTest, EndlessHeaders) {
  const auto long_line = served([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nX: ");
    while (peer.say(std::string(10000, 'x'))) {
    }
  });
  ASSERT_FALSE(long_line);
  const auto many_lines = served([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\n");
    while (peer.say("a:\r\nb:\r\n")) {
    }
  });
  ASSERT_FALSE(many_lines);
  EXPECT_EQ(many_lines.error().code, Code::too_large);
  const auto many_answers = served([](RawServer::Peer& peer) {
    peer.hear();
    while (peer.say("HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  });
  ASSERT_FALSE(many_answers);
  EXPECT_EQ(many_answers.error().code, Code::too_large);
}

TEST_F(MisbehaviourTest, EndlessBodies) {
  for (const char* head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"}) {
    const auto response = served([head](RawServer::Peer& peer) {
      peer.hear();
      peer.say(head);
      while (peer.say(std::string(100000, 'x'))) {
      }
    });
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Code::too_large);
  }
  const auto chunks = served([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (peer.say("1\r\nx\r\n")) {
    }
  });
  ASSERT_FALSE(chunks);
  EXPECT_EQ(chunks.error().code, Code::too_large);
}

TEST_F(MisbehaviourTest, ATooLargeLengthIsBelieved) {
  bool more_was_taken = false;
  const auto response = served([&](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\nx");
    peer.wait();
    more_was_taken = peer.say("x");
  });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::too_large);
}

TEST_F(MisbehaviourTest, AnErrorWithAnEndlessBodyIsAnAnswer) {
  const auto response = served([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 503 Busy\r\n\r\n");
    while (peer.say(std::string(10000, 'x'))) {
    }
  });
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->body.size(), limits::error_body_bytes);
}

TEST_F(MisbehaviourTest, ABodyThatHeadMustNotHave) {
  const auto response = answered("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", "HEAD");
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "");
}

TEST_F(MisbehaviourTest, AnAnswerBeforeTheWholeBodyWasTaken) {
  RawServer server([](RawServer::Peer& peer) {
    peer.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    peer.wait();
  });
  Request put;
  put.method = "PUT";
  put.url = server.url();
  put.body.assign(5000000, 'x');
  const auto response = transport->send(put);
  // The reset may overtake the answer.
  if (response) {
    EXPECT_EQ(response->status, 413);
  } else {
    EXPECT_EQ(response.error().code, Code::unavailable) << response.error().text();
  }
}

TEST_F(MisbehaviourTest, LeftoversOfOneAnswerAreNotTheNext) {
  RawServer server([](RawServer::Peer& peer) {
    while (!peer.hear().empty())
      peer.say(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlies");
  });
  Request get;
  get.url = server.url();
  for (int i = 0; i < 3; ++i) {
    const auto response = transport->send(get);
    ASSERT_TRUE(response) << response.error().text();
    EXPECT_EQ(response->body, "ok");
  }
}

}  // namespace
}  // namespace sigstore::net
