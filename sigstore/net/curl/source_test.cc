// Bodies that are read while they are sent.
#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/server/listener.h"
#include "sigstore/net/testing/raw_server.h"

namespace sigstore::net {
namespace {

// So many bytes that nobody keeps; the one at N is N modulo 251.
class Pattern final : public FileReader {
 public:
  explicit Pattern(std::uint64_t size) : size_(size) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    std::size_t n = 0;
    for (; n < out.size() && at_ < size_; ++n, ++at_) out[n] = static_cast<std::uint8_t>(at_ % 251);
    return n;
  }

 private:
  std::uint64_t at_ = 0, size_;
};

struct SourceTest : ::testing::Test {
  fakes::FakeEnv fake;
  std::unique_ptr<Transport> transport = make_curl_transport(fake.env(), {});
  std::unique_ptr<Listener> server;
  int opened = 0;

  Request put(const Url& url, std::uint64_t size, std::uint64_t there) {
    Request request;
    request.method = "PUT";
    request.url = url;
    request.source = ByteSource{size, [this, there]() -> Result<std::unique_ptr<FileReader>> {
                                  ++opened;
                                  return std::make_unique<Pattern>(there);
                                }};
    return request;
  }
  Url serve(Handler handler) {
    server = Listener::start({}, std::move(handler)).value();
    return Url::parse("http://" + server->address() + "/").value();
  }
};

// "BYTES RIGHT": how many came, and how many of them were the right ones.
void count(Exchange& exchange) {
  std::uint64_t total = 0, right = 0;
  std::vector<std::uint8_t> chunk(70000);
  for (auto got = exchange.read(chunk); got && *got > 0; got = exchange.read(chunk))
    for (std::size_t i = 0; i < *got; ++i) right += chunk[i] == total++ % 251 ? 1 : 0;
  static_cast<void>(exchange.respond(
      201, {}, exchange.method() + " " + std::to_string(total) + " " + std::to_string(right)));
}

TEST_F(SourceTest, IsSentWithItsLengthAndWithoutAsking) {
  const Url url = serve([](Exchange& exchange) {
    EXPECT_EQ(exchange.headers().get("Expect"), std::nullopt);
    EXPECT_EQ(exchange.headers().get("Content-Length"), "20000000");
    EXPECT_EQ(exchange.headers().get("Transfer-Encoding"), std::nullopt);
    count(exchange);
  });
  const auto response = transport->send(put(url, 20000000, 20000000));
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body, "PUT 20000000 20000000");
  EXPECT_EQ(opened, 1);
}

TEST_F(SourceTest, OpenedAnewForEachSending) {
  const Url url = serve(count);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(transport->send(put(url, 100000, 100000))->body, "PUT 100000 100000");
    EXPECT_EQ(opened, i);
  }
  EXPECT_EQ(server->connections_accepted(), 1U);
}

TEST_F(SourceTest, NoMoreThanItsSizeIsSent) {
  EXPECT_EQ(transport->send(put(serve(count), 100, 1000))->body, "PUT 100 100");
  EXPECT_EQ(transport->send(put(serve(count), 0, 0))->body, "PUT 0 0");
}

TEST_F(SourceTest, OneThatEndsEarlyIsNotWaitedFor) {
  const auto response = transport->send(put(serve(count), 1000000, 999999));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::mismatch);
  EXPECT_EQ(response.error().cause, "1 bytes are missing");
}

TEST_F(SourceTest, ItsErrorsAreThoseOfTheRequest) {
  Request request = put(serve(count), 10, 10);
  request.source->open = []() -> Result<std::unique_ptr<FileReader>> {
    return fail(Code::not_found, "no such file");
  };
  const auto response = transport->send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error(), (Error{Code::not_found, "no such file", {}, {}}));
}

TEST_F(SourceTest, ARefusalInTheMiddleIsTheAnswer) {
  testing::RawServer raw([](testing::RawServer::Peer& peer) {
    peer.hear_bytes(10000);
    peer.say("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    peer.hear_bytes(100000000);
  });
  const auto response = transport->send(put(raw.url(), 20000000, 20000000));
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 401);
  EXPECT_EQ(response->body, "no");
}

TEST_F(SourceTest, AConnectionThatBreaksInTheMiddle) {
  testing::RawServer raw([](testing::RawServer::Peer& peer) {
    peer.hear_bytes(10000);
    peer.reset();
  });
  const auto response = transport->send(put(raw.url(), 20000000, 20000000));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::unavailable);
  EXPECT_EQ(opened, 1);
}

// The other side may have carried out what it read before it went.
TEST_F(SourceTest, AKeptConnectionThatIsGoneIsNoReasonToSendTwice) {
  testing::RawServer raw([](testing::RawServer::Peer& peer) {
    if (peer.number() > 1) return;
    peer.hear();
    peer.say("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    peer.hear_bytes(10);
    peer.reset();
  });
  ASSERT_TRUE(transport->send(put(raw.url(), 10, 10)));
  const auto response = transport->send(put(raw.url(), 20000000, 20000000));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::unavailable) << response.error().text();
}

TEST_F(SourceTest, TheHeadComesBeforeTheBody) {
  Request get;
  get.url = serve([](Exchange& exchange) {
    static_cast<void>(exchange.respond(206, {{"Content-Range", "bytes 1-9/10"}}, std::string(300000, 'x')));
  });
  get.max_body = 1000000;
  std::vector<std::string> seen;
  get.on_head = [&](const Response& head) -> Result<void> {
    seen.push_back(std::to_string(head.status) + " " + head.headers.get("Content-Range").value_or(""));
    return {};
  };
  const BodySink sink = [&](BytesView) -> Result<void> {
    EXPECT_EQ(seen.size(), 1U);
    return {};
  };
  ASSERT_TRUE(transport->send(get, &sink));
  EXPECT_EQ(seen, std::vector<std::string>{"206 bytes 1-9/10"});
  get.on_head = [](const Response&) -> Result<void> { return fail(Code::mismatch, "not that"); };
  const auto refused = transport->send(get, &sink);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "not that");
}

// The bound is the size of a layer, then: nobody may fill the memory with that much.
TEST_F(SourceTest, ARedirectWithALargeBodyIsCutWhereASinkWaits) {
  Request get;
  get.url = serve([](Exchange& exchange) {
    static_cast<void>(exchange.respond(307, {{"Location", "/elsewhere"}}, std::string(3000000, 'x')));
  });
  get.max_body = 1ULL << 40;
  const BodySink sink = [](BytesView) -> Result<void> { return fail(Code::internal, "not for the sink"); };
  const auto response = transport->send(get, &sink);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 307);
  EXPECT_EQ(response->headers.get("Location"), "/elsewhere");
  EXPECT_EQ(response->body.size(), limits::error_body_bytes);
}

}  // namespace
}  // namespace sigstore::net
