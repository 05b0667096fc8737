// What goes out and what comes back, against our own server.
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/server/listener.h"

namespace sigstore::net {
namespace {

struct TransferTest : ::testing::Test {
  fakes::FakeEnv fake;
  std::unique_ptr<Listener> server;
  std::mutex tracing;
  std::vector<std::string> traced;
  std::unique_ptr<Transport> transport = make_curl_transport(fake.env(), options());

  TransportOptions options() {
    TransportOptions wanted;
    wanted.user_agent = "cosign/test";
    wanted.trace = [this](std::string_view line) {
      const std::lock_guard lock(tracing);
      traced.emplace_back(line);
    };
    return wanted;
  }
  void serve(Handler handler) { server = Listener::start({}, std::move(handler)).value(); }
  [[nodiscard]] Request request(const std::string& method, const std::string& path = "/") const {
    Request made;
    made.method = method;
    made.url = Url::parse("http://" + server->address() + path).value();
    return made;
  }
  Result<Response> send(const Request& request, const BodySink* sink = nullptr) {
    return transport->send(request, sink);
  }
};

// Tells all about the request.
void echo(Exchange& exchange) {
  std::string text = exchange.method() + " " + exchange.target() + "\n";
  for (const auto& [name, value] : exchange.headers().list()) text += name + "=" + value + "\n";
  text += exchange.read_all(1000000).value_or("too much");
  static_cast<void>(exchange.respond(200, {{"X-Answer", " spaced "}}, text));
}

TEST_F(TransferTest, SaysWhatWasAskedAndNoMore) {
  serve(echo);
  Request get = request("GET", "/v2/a%2Fb/../c?n=5");
  get.headers = {{"Accept", "application/json"}, {"X-Empty", ""}};
  const auto response = send(get);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "GET /v2/a%2Fb/../c?n=5\nHost=" + server->address() +
                                "\nUser-Agent=cosign/test\nAccept=application/json\nX-Empty=\n");
  EXPECT_EQ(response->headers.get("x-answer"), "spaced");
}

TEST_F(TransferTest, SendsBodies) {
  serve(echo);
  for (const char* method : {"PUT", "POST", "PATCH"}) {
    Request put = request(method);
    put.headers = {{"Content-Type", "text/x"}, {"Accept", "*/*"}};
    put.body = "the body";
    EXPECT_EQ(send(put)->body,
              std::string(method) + " /\nHost=" + server->address() +
                  "\nUser-Agent=cosign/test\nContent-Type=text/x\nAccept=*/*\nContent-Length=8\nthe body");
    put.body = "";
    EXPECT_TRUE(send(put)->body.ends_with("Content-Length=0\n")) << method;
  }
  EXPECT_TRUE(send(request("DELETE"))->body.starts_with("DELETE /\n"));
}

TEST_F(TransferTest, SendsLargeBodiesWithoutAsking) {
  serve([](Exchange& exchange) {
    EXPECT_EQ(exchange.headers().get("Expect"), std::nullopt);
    std::size_t total = 0;
    std::vector<std::uint8_t> chunk(70000);
    for (auto got = exchange.read(chunk); got && *got > 0; got = exchange.read(chunk)) total += *got;
    static_cast<void>(exchange.respond(201, {}, std::to_string(total)));
  });
  Request put = request("PUT");
  put.body.assign(20000000, 'x');
  const auto response = send(put);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "20000000");
}

TEST_F(TransferTest, HeadHasALengthAndNoBody) {
  serve([](Exchange& exchange) {
    static_cast<void>(exchange.respond(200, {{"Content-Length", "123456789"}}));
  });
  const auto response = send(request("HEAD"));
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->headers.get("Content-Length"), "123456789");
  EXPECT_EQ(response->body, "");
}

TEST_F(TransferTest, FollowsNoRedirect) {
  serve([](Exchange& exchange) {
    EXPECT_EQ(exchange.target(), "/");
    static_cast<void>(exchange.respond(307, {{"Location", "/elsewhere"}}, "moved"));
  });
  const auto response = send(request("GET"));
  EXPECT_EQ(response->status, 307);
  EXPECT_EQ(response->headers.get("Location"), "/elsewhere");
  EXPECT_EQ(response->body, "moved");
}

TEST_F(TransferTest, ABodyEndsAtItsBound) {
  serve([](Exchange& exchange) { static_cast<void>(exchange.respond(200, {}, std::string(1001, 'x'))); });
  Request get = request("GET");
  get.max_body = 1001;
  EXPECT_EQ(send(get)->body.size(), 1001U);
  get.max_body = 1000;
  const auto response = send(get);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::too_large);
  EXPECT_EQ(response.error().message, server->address() + " sent more than the 1000 bytes that are taken");
}

TEST_F(TransferTest, TheBodyOfAFailureIsCut) {
  serve([](Exchange& exchange) { static_cast<void>(exchange.respond(500, {}, std::string(10000000, 'x'))); });
  Request get = request("GET");
  get.max_body = 10;
  const auto response = send(get);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body.size(), limits::error_body_bytes);
}

TEST_F(TransferTest, ASinkTakesTheBodyOfASuccessAlone) {
  serve([](Exchange& exchange) {
    const int status = exchange.target() == "/good" ? 200 : exchange.target() == "/moved" ? 302 : 404;
    static_cast<void>(exchange.respond(status, {}, std::string(300000, 'x')));
  });
  std::size_t taken = 0;
  const BodySink sink = [&](BytesView chunk) -> Result<void> {
    taken += chunk.size();
    return {};
  };
  EXPECT_EQ(send(request("GET", "/good"), &sink)->body, "");
  EXPECT_EQ(taken, 300000U);
  EXPECT_EQ(send(request("GET", "/moved"), &sink)->body.size(), limits::error_body_bytes);
  EXPECT_EQ(send(request("GET", "/bad"), &sink)->body.size(), limits::error_body_bytes);
  EXPECT_EQ(taken, 300000U);
}

TEST_F(TransferTest, ASinksErrorEndsTheTransfer) {
  serve([](Exchange& exchange) { static_cast<void>(exchange.respond(200, {}, std::string(3000000, 'x'))); });
  int calls = 0;
  const BodySink full = [&](BytesView) -> Result<void> {
    ++calls;
    return fail(Code::disk_full, "no space");
  };
  const auto response = send(request("GET"), &full);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error(), (Error{Code::disk_full, "no space", {}, {}}));
  EXPECT_EQ(calls, 1);
}

TEST_F(TransferTest, WhatWouldBreakTheMessageIsNotSent) {
  serve(echo);
  for (const auto& [name, value] : {std::pair{"X", "a\r\nY: secret"},
                                    {"X", "a\nsecret"},
                                    {"X\r\nY", "secret"},
                                    {"X Y", "secret"},
                                    {"", "secret"},
                                    {"X:", "secret"}}) {
    Request get = request("GET");
    get.headers.add(name, value);
    const auto response = send(get);
    ASSERT_FALSE(response) << name;
    EXPECT_EQ(response.error().code, Code::invalid_argument);
    EXPECT_EQ(response.error().text().find("secret"), std::string::npos) << "a value may be a secret";
  }
  Request zero = request("GET");
  zero.headers.add("X", std::string("a\0b", 3));
  EXPECT_FALSE(send(zero));
  EXPECT_FALSE(send(request("GET /x HTTP/1.1\r\nX:")));
  EXPECT_FALSE(send(request("")));
  EXPECT_EQ(server->connections_accepted(), 0U);
}

TEST_F(TransferTest, AConnectionIsKept) {
  serve(echo);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(send(request(i % 2 == 0 ? "GET" : "PUT")));
  EXPECT_EQ(server->connections_accepted(), 1U);
}

TEST_F(TransferTest, ThreadsShareConnections) {
  serve(echo);
  constexpr int threads = 8, rounds = 50;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i)
      running.emplace_back([&, i] {
        for (int j = 0; j < rounds; ++j) {
          const std::string path = "/" + std::to_string(i) + "/" + std::to_string(j);
          const auto response = send(request("GET", path));
          if (response && response->body.starts_with("GET " + path + "\n")) ++good;
        }
      });
  }
  EXPECT_EQ(good, threads * rounds);
  EXPECT_LE(server->connections_accepted(), static_cast<std::uint64_t>(threads));
}

TEST_F(TransferTest, IsTracedWithoutSecrets) {
  serve(echo);
  Request get = request("GET", "/v2/?n=5&X-Amz-Signature=secret&digest=sha256:ab&_state=secret");
  get.headers.add("Authorization", "Bearer secret");
  ASSERT_TRUE(send(get));
  const std::string base = "http://" + server->address();
  server.reset();
  ASSERT_FALSE(send(get));
  ASSERT_EQ(traced.size(), 2U);
  const std::string line = "GET " + base + "/v2/?n=5&X-Amz-Signature=…&digest=sha256:ab&_state=… -> ";
  EXPECT_EQ(traced[0], line + "200");
  EXPECT_EQ(traced[1], line + "cannot connect to " + get.url.authority() + ": connection refused");
}

TEST_F(TransferTest, NobodyThere) {
  serve(echo);
  const Request get = request("GET");
  server.reset();
  const auto refused = send(get);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unreachable);
  Request unknown = get;
  unknown.url = Url::parse("http://no-such-host.invalid/").value();
  const auto missing = send(unknown);
  ASSERT_FALSE(missing);
  EXPECT_EQ(
      missing.error(),
      (Error{Code::unreachable, "no such host: no-such-host.invalid", "the name does not resolve", {}}));
}

}  // namespace
}  // namespace sigstore::net
