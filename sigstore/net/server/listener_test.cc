#include "sigstore/net/server/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "sigstore/base/testing/fake_clock.h"

namespace sigstore::net {
namespace {

using namespace std::chrono_literals;

// A client that says exactly what it is told to.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(fd_); }
  RawClient(const RawClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  bool say(std::string_view text) const {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void half_close() const { shutdown(fd_, SHUT_WR); }
  // Until the server closes.
  std::string hear_all() {
    while (hear_more()) {
    }
    return std::exchange(heard_, {});
  }
  // Up to and with `mark`.
  std::string hear_until(std::string_view mark) {
    while (heard_.find(mark) == heard_.npos)
      if (!hear_more()) return std::exchange(heard_, {});
    const auto end = heard_.find(mark) + mark.size();
    std::string text = heard_.substr(0, end);
    heard_.erase(0, end);
    return text;
  }

 private:
  bool hear_more() {
    char chunk[4096];
    const ssize_t got = recv(fd_, chunk, sizeof chunk, 0);
    if (got > 0) heard_.append(chunk, static_cast<std::size_t>(got));
    return got > 0;
  }
  int fd_;
  bool connected_ = false;
  std::string heard_;
};

class TextReader final : public FileReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t size = std::min({out.size(), text_.size() - at_, std::size_t{1000}});
    std::memcpy(out.data(), text_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

// Answers with what it understood.
void echo(Exchange& exchange) {
  const auto body = exchange.read_all(1000000);
  if (!body) {
    (void)exchange.respond(400, {}, name(body.error().code));
    return;
  }
  (void)exchange.respond(200, {{"X-Method", exchange.method()}, {"X-Target", exchange.target()}}, *body);
}

std::unique_ptr<Listener> listen(ListenerOptions options, Handler handler) {
  auto listener = Listener::start(options, std::move(handler));
  EXPECT_TRUE(listener) << listener.error().text();
  return listener ? std::move(*listener) : nullptr;
}

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST(Listener, KnowsItsPortAndAnswers) {
  const auto server = listen({}, echo);
  ASSERT_NE(server->port(), 0);
  EXPECT_EQ(server->address(), "127.0.0.1:" + std::to_string(server->port()));
  RawClient client(server->port());
  client.say("GET /v2/?n=5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.hear_all(),
            "HTTP/1.1 200 OK\r\nX-Method: GET\r\nX-Target: /v2/?n=5\r\nContent-Length: 0\r\nConnection: "
            "close\r\n\r\n");
}

// As a service manager opened it: blocking, and not closed for children.
int socket_that_listens(sockaddr_in address, int type = SOCK_STREAM, bool listens = true) {
  const int fd = socket(AF_INET, type, 0);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  if (listens) {
    EXPECT_EQ(::listen(fd, 5), 0);
  }
  return fd;
}

TEST(Listener, ServesASocketThatListensAlready) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ListenerOptions options;
  options.descriptor = socket_that_listens(address);
  ConnectionCounts counts;
  options.counts = &counts;
  const auto server = listen(options, echo);
  EXPECT_EQ(fcntl(options.descriptor, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(server->address(), "127.0.0.1:" + std::to_string(server->port()));
  RawClient client(server->port());
  client.say(get("/a"));
  EXPECT_NE(client.hear_until("\r\n\r\n").find("X-Target: /a"), std::string::npos);
  EXPECT_EQ(counts.open, 1U);
  server->stop(1000ms);
  EXPECT_EQ(counts.open, 0U);
  EXPECT_EQ(counts.accepted, 1U);
}

TEST(Listener, RefusesWhatIsNoSocketThatListens) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (const int descriptor :
       {socket_that_listens(address, SOCK_STREAM, false), socket_that_listens(address, SOCK_DGRAM, false),
        socket(AF_UNIX, SOCK_STREAM, 0), open("/dev/null", O_RDONLY), 9999}) {
    ListenerOptions options;
    options.descriptor = descriptor;
    const auto server = Listener::start(options, echo);
    ASSERT_FALSE(server) << descriptor;
    EXPECT_EQ(server.error().code, Code::invalid_argument);
  }
}

TEST(Listener, SaysTheDateOfItsClock) {
  fakes::FakeClock clock;
  ListenerOptions options;
  options.clock = &clock;
  const auto server = listen(options, echo);
  RawClient client(server->port());
  client.say("GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(client.hear_all().find("\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"), std::string::npos);
}

TEST(Listener, KeepsConnectionsAndAnswersPipelinedRequestsInOrder) {
  const auto server = listen({}, echo);
  RawClient client(server->port());
  client.say(
      "PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none" + get("/b") +
      "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nth\r\n3;x=y\r\nree\r\n0\r\n\r\n");
  EXPECT_NE(client.hear_until("one").find("X-Target: /a"), std::string::npos);
  EXPECT_NE(client.hear_until("\r\n\r\n").find("X-Target: /b"), std::string::npos);
  EXPECT_NE(client.hear_until("three").find("X-Target: /c"), std::string::npos);
  EXPECT_EQ(server->connections_accepted(), 1);
}

TEST(Listener, AnswersHeadWithALengthAndNoBody) {
  const auto server = listen({}, [](Exchange& exchange) {
    if (exchange.target() == "/given")
      (void)exchange.respond(200, {{"Content-Length", "12345"}}, "");
    else
      (void)exchange.respond(200, {}, "four");
  });
  RawClient client(server->port());
  client.say("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.hear_until("\r\n\r\n"), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
  client.say("HEAD /given HTTP/1.1\r\nHost: x\r\n\r\n" + get("/"));
  EXPECT_EQ(client.hear_until("\r\n\r\n"), "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
  EXPECT_EQ(client.hear_until("four"), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour");
}

TEST(Listener, AsksForTheBodyOnlyWhenTheHandlerReadsIt) {
  const auto server = listen({}, [](Exchange& exchange) {
    if (exchange.target() == "/read") return echo(exchange);
    (void)exchange.respond(401, {}, "");
  });
  RawClient client(server->port());
  client.say("PUT /read HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.say("abc");
  EXPECT_NE(client.hear_until("abc").find("200 OK"), std::string::npos);
  client.say("PUT /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.hear_all(), "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST(Listener, StreamsBothWays) {
  const std::string large(3000000, 'x');
  const auto server = listen({}, [&](Exchange& exchange) {
    std::vector<std::uint8_t> chunk(70000);
    std::uint64_t total = 0;
    while (true) {
      const auto got = exchange.read(chunk);
      if (!got || *got == 0) break;
      total += *got;
    }
    TextReader reader(large);
    (void)exchange.respond(200, {{"X-Got", std::to_string(total)}}, reader, large.size());
  });
  RawClient client(server->port());
  client.say("PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n" + large);
  const std::string answer = client.hear_all();
  EXPECT_NE(answer.find("X-Got: 3000000"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + large));
}

TEST(Listener, CutsAnAnswerThatEndsEarly) {
  const auto server = listen({}, [](Exchange& exchange) {
    TextReader reader("only this");
    EXPECT_FALSE(exchange.respond(200, {}, reader, 100));
  });
  RawClient client(server->port());
  client.say(get("/") + get("/"));
  EXPECT_EQ(client.hear_all(), "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
}

TEST(Listener, DropsAnUnreadBodyAndGoesOn) {
  const auto server =
      listen({}, [](Exchange& exchange) { (void)exchange.respond(201, {}, exchange.target()); });
  RawClient client(server->port());
  client.say("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello" + get("/b"));
  EXPECT_TRUE(client.hear_until("/a").ends_with("\r\n\r\n/a"));
  EXPECT_TRUE(client.hear_until("/b").ends_with("\r\n\r\n/b"));
  const std::string large(400000, 'x');
  client.say("PUT /c HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n" + large + get("/d"));
  EXPECT_TRUE(client.hear_all().ends_with("Connection: close\r\n\r\n/c"));
}

TEST(Listener, SurvivesHandlers) {
  const auto server = listen({}, [](Exchange& exchange) {
    if (exchange.target() == "/throw") throw std::runtime_error("no");
    if (exchange.target() == "/twice") {
      EXPECT_TRUE(exchange.respond(200, {}, ""));
      EXPECT_FALSE(exchange.respond(500, {}, ""));
    }
    if (exchange.target() == "/split") {
      EXPECT_FALSE(exchange.respond(200, {{"Location", "/a\r\nSet-Cookie: x"}}, ""));
    }
  });
  for (const auto* target : {"/throw", "/nothing", "/split"}) {
    RawClient client(server->port());
    client.say(get(target));
    EXPECT_TRUE(client.hear_until("\r\n").starts_with("HTTP/1.1 500 ")) << target;
  }
  RawClient client(server->port());
  client.say(get("/twice"));
  EXPECT_TRUE(client.hear_until("\r\n").starts_with("HTTP/1.1 200 "));
}

struct BadRequest {
  const char* text;
  const char* status;
};

TEST(Listener, RefusesWhatIsAmbiguousOrBroken) {
  const auto server = listen({}, echo);
  const BadRequest cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
      {"GET /\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505"},
      {"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", "400"},
      {"\x16\x03\x01 hello there\r\n\r\n", "400"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n", "400"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
      {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n", "413"},
  };
  for (const auto& one : cases) {
    RawClient client(server->port());
    client.say(one.text);
    EXPECT_TRUE(client.hear_all().starts_with("HTTP/1.1 " + std::string(one.status))) << one.text;
  }
  RawClient client(server->port());
  client.say("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n");
  EXPECT_TRUE(client.hear_all().ends_with("\r\n\r\nmalformed"));
}

TEST(Listener, BoundsHeadersAndBodies) {
  ListenerOptions options;
  options.header_bytes = 8192;
  options.body_bytes = 100;
  const auto server = listen(options, echo);
  RawClient large(server->port());
  large.say("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(20000, 'a') + "\r\n\r\n");
  EXPECT_TRUE(large.hear_all().starts_with("HTTP/1.1 431 "));
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 1100; ++i) many += "a:b\r\n";
  RawClient lines(server->port());
  lines.say(many + "\r\n");
  EXPECT_TRUE(lines.hear_all().starts_with("HTTP/1.1 431 "));
  RawClient chunks(server->port());
  chunks.say("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n80\r\n" + std::string(128, 'x') +
             "\r\n0\r\n\r\n");
  EXPECT_TRUE(chunks.hear_all().ends_with("\r\n\r\ntoo_large"));
}

TEST(Listener, EndsAnEndlessChunkHeader) {
  const auto server = listen({}, echo);
  RawClient client(server->port());
  client.say("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;");
  const std::string extension(10000, 'e');
  int said = 0;
  while (said < 100 && client.say(extension)) ++said;
  EXPECT_TRUE(client.hear_all().starts_with("HTTP/1.1 400 ") || said < 100);
}

TEST(Listener, CutsOffSlowClients) {
  ListenerOptions options;
  options.header_timeout = 100ms;
  options.idle_timeout = 100ms;
  const auto server = listen(options, echo);
  RawClient silent(server->port());
  EXPECT_EQ(silent.hear_all(), "");
  RawClient half(server->port());
  half.say("GET / HT");
  EXPECT_TRUE(half.hear_all().starts_with("HTTP/1.1 408 "));
  RawClient body(server->port());
  body.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(body.hear_all().ends_with("\r\n\r\ntimeout"));
}

TEST(Listener, CutsOffADrippingBody) {
  ListenerOptions options;
  options.idle_timeout = 200ms;
  const auto server = listen(options, echo);
  RawClient client(server->port());
  client.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  std::jthread drip([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && client.say("x")) std::this_thread::sleep_for(20ms);
  });
  EXPECT_TRUE(client.hear_all().ends_with("\r\n\r\ntimeout"));
}

TEST(Listener, LetsRunningExchangesEnd) {
  std::atomic<bool> started = false;
  const auto server = listen({}, [&](Exchange& exchange) {
    started = true;
    std::this_thread::sleep_for(200ms);
    (void)exchange.respond(200, {}, "done");
  });
  RawClient idle(server->port());
  RawClient client(server->port());
  client.say(get("/"));
  while (!started) std::this_thread::sleep_for(1ms);
  server->stop(10s);
  EXPECT_TRUE(client.hear_all().ends_with("Connection: close\r\n\r\ndone"));
  EXPECT_EQ(idle.hear_all(), "");
  RawClient late(server->port());
  EXPECT_FALSE(late.connected());
}

TEST(Listener, CutsWhatDoesNotEndInTime) {
  std::atomic<bool> failed = false;
  const auto server = listen({}, [&](Exchange& exchange) { failed = !exchange.read_all(10); });
  RawClient client(server->port());
  client.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  while (server->connections_accepted() == 0) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(50ms);
  server->stop(50ms);
  EXPECT_TRUE(failed);
}

TEST(Listener, SaysThatItStopsToWhoIsStillSending) {
  std::atomic<bool> started = false;
  const auto server = listen({}, [&](Exchange& exchange) {
    started = true;
    echo(exchange);
  });
  RawClient client(server->port());
  client.say("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
  while (!started) std::this_thread::sleep_for(1ms);
  std::jthread sending([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && client.say("x")) std::this_thread::sleep_for(1ms);
  });
  server->stop(50ms);
  EXPECT_TRUE(client.hear_all().ends_with("Connection: close\r\n\r\nunavailable"));
}

TEST(Listener, OneClientHasSoManyConnectionsAndNoMore) {
  ListenerOptions options;
  options.connections_per_client = 2;
  const auto server = listen(options, echo);
  auto first = std::make_unique<RawClient>(server->port());
  RawClient second(server->port());
  for (const auto* client : {first.get(), &second}) client->say(get("/"));
  first->hear_until("\r\n\r\n");
  second.hear_until("\r\n\r\n");
  RawClient third(server->port());
  EXPECT_TRUE(third.hear_all().starts_with("HTTP/1.1 429 "));
  EXPECT_EQ(server->connections_accepted(), 2);
  first.reset();
  std::string heard;
  for (int i = 0; i < 1000 && !heard.contains(" 200 "); ++i) {
    RawClient next(server->port());
    next.say(get("/"));
    heard = next.hear_until("\r\n\r\n");
  }
  EXPECT_TRUE(heard.contains(" 200 ")) << "when one ends, there is room again";
}

TEST(Listener, WhoIsSilentMakesRoomForOthers) {
  ListenerOptions options;
  options.connections = 4;
  const auto server = listen(options, echo);
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 4; ++i) silent.push_back(std::make_unique<RawClient>(server->port()));
  RawClient client(server->port());
  client.say(get("/"));
  EXPECT_NE(client.hear_until("\r\n\r\n").find(" 200 "), std::string::npos);
  EXPECT_EQ(silent[0]->hear_all(), "") << "the longest silent was closed";
}

TEST(Listener, ServesManyAtOnce) {
  const auto server = listen({}, echo);
  std::atomic<int> good = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 32; ++i)
    clients.emplace_back([&, i] {
      RawClient client(server->port());
      for (int j = 0; j < 50; ++j) {
        const std::string target = "/" + std::to_string(i) + "/" + std::to_string(j);
        client.say(get(target));
        if (client.hear_until("\r\n\r\n").find("X-Target: " + target + "\r\n") != std::string::npos) ++good;
      }
    });
  clients.clear();
  EXPECT_EQ(good, 32 * 50);
  EXPECT_EQ(server->connections_accepted(), 32);
}

TEST(Listener, TakesTheNextWhenAConnectionEnds) {
  ListenerOptions options;
  options.connections = 1;
  const auto server = listen(options, echo);
  auto first = std::make_unique<RawClient>(server->port());
  first->say(get("/a"));
  first->hear_until("\r\n\r\n");
  RawClient second(server->port());
  second.say(get("/b"));
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(server->connections_accepted(), 1);
  first.reset();
  EXPECT_NE(second.hear_until("\r\n\r\n").find("/b"), std::string::npos);
}

TEST(Listener, SaysWhyItCannotListen) {
  const auto server = listen({}, echo);
  ListenerOptions options;
  options.port = server->port();
  const auto taken = Listener::start(options, echo);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Code::unreachable);
  EXPECT_EQ(taken.error().text(), "cannot listen on " + server->address() + ": Address already in use");
  options.address = "registry.example.com";
  EXPECT_EQ(Listener::start(options, echo).error().code, Code::invalid_argument);
  options.address = "127.0.0.1";
  options.certificate_file = "/nowhere/cert.pem";
  EXPECT_EQ(Listener::start(options, echo).error().code, Code::tls);
}

TEST(Listener, UnderstandsTheFormThatProxiesReceive) {
  const auto server = listen({}, echo);
  RawClient client(server->port());
  client.say("GET http://registry.example/v2/ HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(client.hear_until("\r\n\r\n").find("X-Target: /v2/\r\n"), std::string::npos);
}

}  // namespace
}  // namespace sigstore::net
