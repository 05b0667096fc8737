// How long is waited: interruption, deadline, silence, dripping.
#include <gtest/gtest.h>

#include <thread>

#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/testing/raw_server.h"

namespace sigstore::net {
namespace {

using namespace std::chrono_literals;
using testing::RawServer;
using Moment = std::chrono::steady_clock::time_point;

void be_silent(RawServer::Peer& peer) {
  peer.hear();
  peer.wait();
}

struct PatienceTest : ::testing::Test {
  fakes::FakeEnv fake;
  system::SystemClock clock;
  Cancel cancel;
  TransportOptions options;
  Duration taken{};

  // The error of a GET, and how long it took.
  Error error_of(const RawServer& server, const std::string& scheme = "http") {
    Env env = fake.env();
    env.clock = &clock;
    const auto transport = make_curl_transport(env, options);
    Request request;
    request.url = server.url("/", scheme);
    const Moment start = std::chrono::steady_clock::now();
    const auto response = transport->send(request);
    taken = std::chrono::steady_clock::now() - start;
    EXPECT_FALSE(response);
    return response ? Error() : response.error();
  }
};

TEST_F(PatienceTest, AnInterruptionEndsItAtOnce) {
  RawServer server(be_silent);
  options.cancel = &cancel;
  std::jthread interrupter([this] {
    std::this_thread::sleep_for(100ms);
    cancel.set();
  });
  const Error error = error_of(server);
  EXPECT_EQ(error.code, Code::cancelled);
  EXPECT_GE(taken, 90ms);
  EXPECT_LT(taken, 600ms);  // the next look without the descriptor would be after a second
}

TEST_F(PatienceTest, AnInterruptionEndsAStreamToo) {
  RawServer server([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.say(std::string(1000, 'x'))) {
    }
  });
  options.cancel = &cancel;
  Env env = fake.env();
  env.clock = &clock;
  const auto transport = make_curl_transport(env, options);
  Request request;
  request.url = server.url();
  request.max_body = std::size_t{1} << 40;
  const BodySink sink = [this](BytesView) -> Result<void> {
    cancel.set();
    return {};
  };
  const auto response = transport->send(request, &sink);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::cancelled);
}

TEST_F(PatienceTest, NothingIsSentAfterAnInterruption) {
  RawServer server(be_silent);
  options.cancel = &cancel;
  cancel.set();
  EXPECT_EQ(error_of(server).code, Code::cancelled);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(PatienceTest, TheDeadlineOfTheRun) {
  RawServer server(be_silent);
  options.deadline = std::chrono::steady_clock::now() + 200ms;
  EXPECT_EQ(error_of(server),
            (Error{Code::timeout, "the time for this run is over", "waiting for " + server.url().authority(),
                   "give it more with --timeout"}));
  EXPECT_GE(taken, 150ms);
  EXPECT_LT(taken, 600ms);
  EXPECT_EQ(error_of(server).code, Code::timeout);
  EXPECT_EQ(server.connections(), 1) << "nothing is sent after the deadline";
}

TEST_F(PatienceTest, TheDeadlineCountsWhileConnecting) {
  RawServer server(be_silent);
  options.tls = [](const Url&) -> Result<TlsOptions> { return TlsOptions{.verify = false}; };
  options.deadline = std::chrono::steady_clock::now() + 200ms;
  EXPECT_EQ(error_of(server, "https").code, Code::timeout);
  EXPECT_LT(taken, 600ms);
}

TEST_F(PatienceTest, AHandshakeThatNeverEnds) {
  RawServer server(be_silent);
  options.tls = [](const Url&) -> Result<TlsOptions> { return TlsOptions{.verify = false}; };
  options.connect_timeout = 200ms;
  const Error error = error_of(server, "https");
  EXPECT_EQ(error.code, Code::timeout);
  EXPECT_EQ(error.message, server.url("/", "https").authority() + " did not answer in time");
  EXPECT_LT(taken, 900ms);
}

TEST_F(PatienceTest, Silence) {
  RawServer server(be_silent);
  options.idle_timeout = 200ms;
  EXPECT_EQ(error_of(server), (Error{Code::timeout,
                                     server.url().authority() + " did not answer in time",
                                     "not a byte came within 1 s",
                                     {}}));
  EXPECT_GE(taken, 150ms);
  EXPECT_LT(taken, 900ms);
}

TEST_F(PatienceTest, SilenceInTheMiddle) {
  RawServer server([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.wait();
  });
  options.idle_timeout = 200ms;
  EXPECT_EQ(error_of(server).code, Code::timeout);
}

TEST_F(PatienceTest, Dripping) {
  RawServer server([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.say("x")) std::this_thread::sleep_for(20ms);
  });
  options.idle_timeout = 250ms;
  const Error error = error_of(server);
  // Fifty bytes a second are too few after two idle_timeouts, although something came all the time.
  EXPECT_EQ(error.code, Code::timeout);
  EXPECT_EQ(error.message, server.url().authority() + " is too slow");
  EXPECT_GE(taken, 450ms);
}

TEST_F(PatienceTest, SlowButSteadyIsGood) {
  RawServer server([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n");
    for (int i = 0; i < 8; ++i) {
      peer.say(std::string(1000, 'x'));
      std::this_thread::sleep_for(100ms);
    }
  });
  options.idle_timeout = 250ms;
  Env env = fake.env();
  env.clock = &clock;
  Request request;
  request.url = server.url();
  const auto response = make_curl_transport(env, options)->send(request);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->body.size(), 8000U);
}

}  // namespace
}  // namespace sigstore::net
