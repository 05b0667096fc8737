#include "sigstore/remote/registry/ping.h"

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;

const Error not_tls{Code::malformed, "x does not speak TLS on an https connection", {}, {}};
const Error untrusted{Code::tls, "the certificate of x is not trusted", {}, {}};

class PingTest : public ::testing::Test, public testing::HttpFixture {
 protected:
  Result<Endpoint> ask(const std::string& registry) { return ping(context(), registry); }
};

TEST_F(PingTest, HttpsFirstAndNoMore) {
  http.on("GET https://r.example/v2/", answer(200));
  const auto endpoint = ask("r.example");
  ASSERT_TRUE(endpoint) << endpoint.error().text();
  EXPECT_EQ(endpoint->base.text(), "https://r.example/v2/");
  EXPECT_TRUE(endpoint->verified);
  EXPECT_EQ(endpoint->challenge.scheme, "");
  EXPECT_EQ(http.requests().size(), 1u);
  EXPECT_TRUE(notices.empty());
}

TEST_F(PingTest, TheChallenge) {
  http.on("GET https://r.example:5000/v2/", answer(401, bearer_challenge()));
  const auto endpoint = ask("r.example:5000");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->challenge.scheme, "bearer");
  EXPECT_EQ(endpoint->challenge.get("realm"), "https://auth.example/token");
}

TEST_F(PingTest, UnverifiedTlsIsNotVerified) {
  options.allow_insecure = true;
  http.on("GET https://r.example/v2/", answer(200));
  const auto endpoint = ask("r.example");
  ASSERT_TRUE(endpoint);
  EXPECT_FALSE(endpoint->verified);
}

// Where real cosign falls back without being told.
TEST_F(PingTest, PlainHttpAtLoopbackAndPrivateAddresses) {
  for (const char* registry : {"127.0.0.1:5000", "localhost:5000", "x.localhost", "[::1]:5000",
                               "10.1.2.3:5000", "172.16.0.1", "192.168.0.1:80"}) {
    net::testing::ScriptedTransport here;
    here.on("GET https://*", not_tls);
    here.on("GET http://*", answer(200));
    notices.clear();
    Context with = context();
    with.transport = &here;
    const auto endpoint = ping(with, registry);
    ASSERT_TRUE(endpoint) << registry;
    EXPECT_EQ(endpoint->base.scheme, "http") << registry;
    EXPECT_FALSE(endpoint->verified) << registry;
    EXPECT_EQ(here.requests().size(), 2u) << registry;
    EXPECT_EQ(notices, std::vector{std::string(registry) + " does not speak TLS: plain HTTP is used"});
  }
}

TEST_F(PingTest, NoPlainHttpElsewhereUnasked) {
  for (const char* registry : {"r.example", "r.example:5000", "172.32.0.1", "169.254.1.1", "[fd00::1]",
                               "8.8.8.8:5000", "localhost.example"}) {
    net::testing::ScriptedTransport here;
    here.on("GET https://*", not_tls);
    here.on("GET http://*", answer(200));
    Context with = context();
    with.transport = &here;
    const auto endpoint = ping(with, registry);
    ASSERT_FALSE(endpoint) << registry;
    EXPECT_EQ(endpoint.error(), not_tls) << registry;
    EXPECT_EQ(here.count("GET http://*"), 0u) << registry;
  }
}

TEST_F(PingTest, PlainHttpAnywhereWhenAsked) {
  options.allow_http = true;
  http.on("GET https://*", not_tls);
  http.on("GET http://r.example/v2/", answer(200));
  const auto endpoint = ask("r.example");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->base.scheme, "http");
  EXPECT_TRUE(notices.empty());  // they know
}

TEST_F(PingTest, AskedForPlainHttpOrNotHttpsComesFirst) {
  options.allow_http = true;
  http.on("GET *", answer(200));
  const auto endpoint = ask("r.example");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->base.scheme, "https");
}

TEST_F(PingTest, WhatTlsSaidStandsWhenPlainHttpIsNoRegistryEither) {
  http.on("GET https://*", untrusted);
  http.on("GET http://*", answer(400, {}, "Client sent an HTTP request to an HTTPS server."));
  const auto endpoint = ask("localhost:5000");
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error(), untrusted);
  EXPECT_TRUE(notices.empty());
}

TEST_F(PingTest, NobodyThere) {
  const auto endpoint = ask("localhost:5000");
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().code, Code::unreachable);
  EXPECT_EQ(http.requests().size(), 2u);
  EXPECT_TRUE(fake.clock.sleeps().empty());
}

TEST_F(PingTest, AnInterruptedRunTriesNothingElse) {
  http.on("GET https://*", Error{Code::cancelled, "interrupted", {}, {}});
  EXPECT_FALSE(ask("localhost:5000"));
  EXPECT_EQ(http.requests().size(), 1u);
}

TEST_F(PingTest, AnInterruptionOfTheSecondAttemptIsSaidAlone) {
  http.on("GET https://*", untrusted);
  http.on("GET http://*", Error{Code::cancelled, "interrupted", {}, {}});
  EXPECT_EQ(ask("localhost:5000").error().code, Code::cancelled);
}

// Who speaks plain HTTP on the port for TLS: what is wrong over plain HTTP is what is wrong.
TEST_F(PingTest, WhatPlainHttpSaidStandsWhereThereIsNoTls) {
  http.on("GET https://*", not_tls);
  http.on("GET http://late.localhost/v2/", Error{Code::timeout, "late", {}, {}});
  http.on("GET http://app.localhost/v2/", answer(404));
  EXPECT_EQ(ask("late.localhost").error().message, "late");
  EXPECT_EQ(ask("app.localhost").error().message, "app.localhost does not answer as a registry");
}

TEST_F(PingTest, ARegistryInTroubleIsAskedAgain) {
  for (const char* registry : {"r.example", "localhost:5000"}) {
    net::testing::ScriptedTransport here;
    here.on("GET https://*", answer(503));
    here.on("GET https://*", answer(503));
    here.on("GET https://*", answer(200));
    Context with = context();
    with.transport = &here;
    const auto endpoint = ping(with, registry);
    ASSERT_TRUE(endpoint) << registry;
    EXPECT_EQ(endpoint->base.scheme, "https");
  }
}

TEST_F(PingTest, ARegistryInTroubleForLong) {
  http.on("GET https://*", answer(503));
  const auto endpoint = ask("r.example");
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().code, Code::unavailable);
  EXPECT_EQ(endpoint.error().message, "r.example does not answer now");
}

TEST_F(PingTest, AServerThatIsNoRegistry) {
  http.on("GET https://*", answer(404));
  const auto endpoint = ask("r.example");
  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().code, Code::unsupported);
  EXPECT_EQ(endpoint.error().message, "r.example does not answer as a registry");
  EXPECT_EQ(endpoint.error().cause, "GET https://r.example/v2/ gives HTTP 404");
}

// Whoever we are redirected to does not say where this registry's credentials go.
TEST_F(PingTest, AChallengeFromAnotherHostDoesNotCount) {
  http.on("GET https://r.example/v2/", answer(307, {{"Location", "https://other.example/v2/"}}));
  http.on("GET https://other.example/v2/", answer(401, bearer_challenge()));
  const auto endpoint = ask("r.example");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->base.host, "r.example");
  EXPECT_EQ(endpoint->challenge, Challenge{});
}

TEST_F(PingTest, NamesThatAreNoHost) {
  for (const char* registry : {"", "r.example/x", "https://r.example", "r.example?x", "user@r.example",
                               "r.example:x", "r.example:70000", "a b", "r.example#x"}) {
    const auto endpoint = ask(registry);
    ASSERT_FALSE(endpoint) << registry;
    EXPECT_EQ(endpoint.error().code, Code::invalid_argument) << registry;
  }
  EXPECT_TRUE(http.requests().empty());
}

}  // namespace
}  // namespace sigstore::remote
