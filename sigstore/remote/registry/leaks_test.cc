#include "sigstore/remote/registry/client.h"
#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using testing::authorization;
using testing::dev_basic;
using testing::travelled;

class LeaksTest : public ::testing::Test, public testing::ClientFixture {};

// Where credentials do not go: issue 3, "Each refused case has a test that no header leaks".

TEST_F(LeaksTest, ARefusedRealmGetsNothing) {
  credentials.add(host, "dev", "s3cret");
  for (const char* realm :
       {"http://auth.example/token", "http://r.example/token", "https://169.254.169.254/token",
        "https://10.0.0.1/token", "https://[::1]/token", "https://localhost/token"}) {
    net::testing::ScriptedTransport here;
    here.on(at("GET"), answer(401, {{"WWW-Authenticate", std::string("Bearer realm=\"") + realm + "\""}}));
    here.on("GET *", answer(200, {}, R"({"token":"abc"})"));
    Context with = context();
    with.transport = &here;
    Client client(with);
    const auto reply = client.send(call());
    ASSERT_FALSE(reply) << realm;
    EXPECT_EQ(reply.error().code, Code::tls) << realm;
    EXPECT_EQ(here.log(), std::vector{at("GET")}) << realm;
  }
}

TEST_F(LeaksTest, ARealmElsewhereNeedsVerifiedTls) {
  options.allow_insecure = true;
  credentials.add(host, "dev", "s3cret");
  bearer_registry();
  EXPECT_EQ(refused(call()).code, Code::tls);
  EXPECT_EQ(http.log(), std::vector{at("GET")});
}

TEST_F(LeaksTest, ARedirectToAnotherOriginCarriesNothing) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  for (const char* target :
       {"https://cdn.example/x", "https://r.example:8443/x", "https://sub.r.example/x"}) {
    http.on(at("GET", target), answer(307, {{"Location", target}}));
    http.on(std::string("GET ") + target, answer(200, {}, "content"));
    const auto reply = send(call(target));
    EXPECT_EQ(reply.response.body, "content") << target;
    EXPECT_FALSE(reply.own) << target;
    EXPECT_FALSE(travelled(http, target, "Basic")) << target;
  }
}

TEST_F(LeaksTest, ARedirectWithinTheRegistryKeepsThem) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  http.on(at("GET", "tags/list"), answer(308, {{"Location", "/v2/moved"}}));
  http.on("GET https://r.example/v2/moved", answer(200));
  EXPECT_TRUE(send(call()).own);
  EXPECT_EQ(authorization(http.last("GET https://r.example/v2/moved")), dev_basic);
}

TEST_F(LeaksTest, NoWayBackForCredentialsThatWereDropped) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  http.on(at("GET", "tags/list"), answer(307, {{"Location", "https://cdn.example/x"}}));
  http.on("GET https://cdn.example/x", answer(307, {{"Location", "https://r.example/v2/secret"}}));
  http.on("GET https://r.example/v2/secret", answer(200));
  send(call());
  EXPECT_EQ(authorization(http.last("GET https://r.example/v2/secret")), "");
}

TEST_F(LeaksTest, ARedirectToPlainHttpIsNotFollowed) {
  open_registry();
  http.on(at("GET", "tags/list"), answer(307, {{"Location", "http://r.example/v2/app/tags/list"}}));
  const Error error = refused(call());
  EXPECT_EQ(error.code, Code::tls);
  EXPECT_EQ(error.message, "a redirect from TLS to plain HTTP is not followed");
  EXPECT_EQ(http.count("GET http://*"), 0u);
}

TEST_F(LeaksTest, RedirectsEnd) {
  open_registry();
  http.on(at("GET", "tags/list"), answer(302, {{"Location", "tags/list"}}));
  http.on("GET https://r.example/v2/app/tags/tags/*", answer(302, {{"Location", "tags/list"}}));
  http.on("GET https://r.example/v2/app/tags/*", answer(302, {{"Location", "tags/list"}}));
  const Error error = refused(call());
  EXPECT_EQ(error.code, Code::malformed);
  EXPECT_EQ(error.message, "r.example redirects without end");
  EXPECT_EQ(http.requests().size(), 1u + 1u + limits::redirects);
}

TEST_F(LeaksTest, ARedirectToNowhere) {
  open_registry();
  http.on(at("GET", "tags/list"), answer(302, {{"Location", "ftp://r.example/"}}));
  EXPECT_EQ(refused(call()).message, "r.example redirects to something that is no URL");
}

TEST_F(LeaksTest, WritesFollowNoRedirect) {
  open_registry();
  http.on(at("PUT", "manifests/x"), answer(307, {{"Location", "https://elsewhere.example/"}}));
  EXPECT_EQ(send(push()).response.status, 307);
  EXPECT_EQ(http.count("PUT https://elsewhere.example/*"), 0u);
}

TEST_F(LeaksTest, AChallengeFromElsewhereIsNotAnswered) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  http.on(at("GET", "tags/list"), answer(307, {{"Location", "https://cdn.example/x"}}));
  http.on("GET https://cdn.example/x", answer(401, {{"WWW-Authenticate", "Basic realm=\"cdn\""}}));
  const auto reply = send(call());
  EXPECT_EQ(http.count("GET https://cdn.example/x"), 1u);
  const Error error = Client::failure(call(), reply);
  EXPECT_EQ(error.code, Code::unsupported);
  EXPECT_EQ(error.message, "cdn.example, where r.example sends us for it, refuses");
}

TEST_F(LeaksTest, APlaceThatTheRegistryNamedGetsThemAtItsOwnOriginAlone) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  http.on("PUT *", answer(201));
  for (const char* place : {"https://other.example/u", "https://r.example:8443/u", "http://r.example/u"}) {
    Call put = call();
    put.method = "PUT";
    put.url = net::Url::parse(place).value();
    EXPECT_FALSE(send(put).own) << place;
    EXPECT_EQ(authorization(http.last("PUT *")), "") << place;
  }
  Call put = call();
  put.method = "PUT";
  put.url = net::Url::parse("https://r.example:443/u").value();
  EXPECT_TRUE(send(put).own);
  EXPECT_EQ(authorization(http.last("PUT *")), dev_basic);
}

}  // namespace
}  // namespace sigstore::remote
