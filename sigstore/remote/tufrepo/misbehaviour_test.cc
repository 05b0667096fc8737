// Servers that break off, never end, or never begin, by the real transport.
#include "sigstore/base/limits.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"
#include "sigstore/net/testing/raw_server.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

namespace sigstore::remote {
namespace {

using namespace std::chrono_literals;
using net::testing::RawServer;

struct TufServerMisbehaves : ::testing::Test {
  fakes::FakeEnv fake;  // pauses take no time
  system::SystemClock clock;
  int connections = 0;

  Error refused(std::function<void(RawServer::Peer&)> serve) {
    RawServer server(std::move(serve));
    net::TransportOptions options;
    options.idle_timeout = 200ms;
    Env watching = fake.env();
    watching.clock = &clock;
    const auto repository = make_http_tufrepo(fake.env(), net::make_curl_transport(watching, options),
                                              {server.url("/"), server.url("/targets")});
    const auto text = repository->metadata("timestamp.json", limits::tuf_timestamp_bytes);
    connections = server.connections();
    EXPECT_FALSE(text);
    return text ? Error{} : text.error();
  }
};

TEST_F(TufServerMisbehaves, AnEndlessAnswerIsCutOff) {
  const Error error = refused([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    while (peer.say(std::string(1000, 'x'))) {
    }
  });
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_EQ(connections, 1) << "once is enough";
}

TEST_F(TufServerMisbehaves, ALengthThatIsTooLargeIsNotWaitedFor) {
  const Error error = refused([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{");
    peer.wait();
  });
  EXPECT_EQ(error.code, Code::too_large);
}

TEST_F(TufServerMisbehaves, ATruncatedAnswerIsAskedForAgainAndNeverTaken) {
  const Error error = refused([](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  });
  EXPECT_EQ(error.code, Code::unavailable);
  EXPECT_EQ(connections, limits::service_tries);
}

TEST_F(TufServerMisbehaves, SilenceEnds) {
  const auto silent = [](RawServer::Peer& peer) {
    peer.hear();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.wait();
  };
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(refused(silent).code, Code::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

}  // namespace
}  // namespace sigstore::remote
