#include "sigstore/remote/registry/authorizer.h"

#include <thread>

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using testing::authorization;
using testing::dev_basic;
using testing::travelled;

class AuthorizerTest : public ::testing::Test, public testing::ClientFixture {};

TEST_F(AuthorizerTest, APasswordGoesToTheRealmAndNotToTheRegistry) {
  credentials.add(host, "dev", "s3cret");
  bearer_registry();
  needs_token(at("GET", "tags/list"));
  send(call());
  EXPECT_EQ(authorization(http.last("GET https://auth.example/*")), dev_basic);
  EXPECT_EQ(authorization(http.last(at("GET", "tags/list"))), "Bearer token-1");
  EXPECT_FALSE(travelled(http, "https://r.example/", "Basic"));
}

TEST_F(AuthorizerTest, OneTokenPerScope) {
  bearer_registry();
  needs_token("GET https://r.example/v2/*");
  needs_token("PUT https://r.example/v2/*");
  send(call());
  send(call());
  EXPECT_EQ(http.count("GET https://auth.example/*"), 1u);
  Call other = call();
  other.repository.path = "other";
  send(other);
  EXPECT_EQ(http.count("GET https://auth.example/token?service=r.example&scope=repository%3Aother%3Apull"),
            1u);
  send(push());
  EXPECT_EQ(
      http.count("GET https://auth.example/token?service=r.example&scope=repository%3Aapp%3Apull%2Cpush"),
      1u);
  EXPECT_EQ(http.count("GET https://auth.example/*"), 3u);
}

TEST_F(AuthorizerTest, ATokenThatMayPushMayPull) {
  bearer_registry();
  needs_token("GET https://r.example/v2/*");
  needs_token("PUT https://r.example/v2/*");
  send(push());
  send(call());
  EXPECT_EQ(http.count("GET https://auth.example/*"), 1u);
}

TEST_F(AuthorizerTest, AWiderScopeIsNotRequested) {
  credentials.add(host, "dev", "s3cret");
  const std::string wider =
      R"(,scope="repository:app:pull,push,delete repository:other:* registry:catalog:*")";
  http.on(at("GET"), answer(401, bearer_challenge(wider)));
  http.on("GET https://auth.example/token*", answer(200, {}, R"({"token":"token-1"})"));
  needs_token(at("GET", "tags/list"), wider);
  send(call());
  for (const auto& line : http.log())
    if (line.starts_with("GET https://auth.example/")) {
      EXPECT_EQ(line, "GET https://auth.example/token?service=r.example&scope=repository%3Aapp%3Apull");
    }
}

TEST_F(AuthorizerTest, ManyAtOnceShareOnePingAndOneToken) {
  credentials.add(host, "dev", "s3cret");
  bearer_registry();
  needs_token(at("GET", "tags/list"));
  Client& shared = client();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&shared] { EXPECT_EQ(shared.send(call()).value().response.status, 200); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(http.count(at("GET")), 1u);
  EXPECT_EQ(http.count("GET https://auth.example/*"), 1u);
  EXPECT_EQ(credentials.asked(), 1);
}

TEST_F(AuthorizerTest, AnExpiredTokenIsRenewed) {
  bearer_registry();
  needs_token(at("GET", "tags/list"));
  send(call());
  fake.clock.advance(std::chrono::seconds(269));
  send(call());
  EXPECT_EQ(http.count("GET https://auth.example/*"), 1u);
  fake.clock.advance(std::chrono::seconds(2));
  send(call());
  EXPECT_EQ(http.count("GET https://auth.example/*"), 2u);
}

TEST_F(AuthorizerTest, ATokenThatIsNotAcceptedAnyMoreIsRenewed) {
  bearer_registry();
  http.on(at("GET", "tags/list"), [](const net::Request& request) -> Result<net::Response> {
    if (authorization(request) == "Bearer token-2") return answer(200);
    return answer(401, bearer_challenge(R"(,error="invalid_token")"));
  });
  http.on(at("GET", "first"), answer(200));
  send(call("first"));
  fake.clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(send(call()).response.status, 200);
  EXPECT_EQ(http.count("GET https://auth.example/*"), 2u);
}

TEST_F(AuthorizerTest, AFreshTokenThatIsRefusedIsThePermissionThatIsMissing) {
  credentials.add(host, "dev", "s3cret");
  bearer_registry();
  http.on(at("PUT", "manifests/x"), answer(401, bearer_challenge(R"(,error="insufficient_scope")")));
  const auto reply = send(push());
  EXPECT_EQ(http.count(at("PUT", "manifests/x")), 1u);
  const Error error = Client::failure(push(), reply);
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_EQ(error.message, "no permission to push to r.example/app as dev (from config.json)");
}

TEST_F(AuthorizerTest, QuestionsWithoutEndAreAnsweredAFewTimes) {
  bearer_registry();
  int realm = 0;
  http.on(at("GET", "tags/list"), [&realm](const net::Request&) -> Result<net::Response> {
    return answer(401, {{"WWW-Authenticate", "Bearer realm=\"https://auth.example/token?n=" +
                                                 std::to_string(++realm) + "\",service=\"s\""}});
  });
  fake.clock.on_sleep([](Duration) {});
  EXPECT_EQ(send(call()).response.status, 401);
  EXPECT_LE(http.count(at("GET", "tags/list")), 1u + limits::auth_rounds);
}

TEST_F(AuthorizerTest, AnIdentityToken) {
  credentials.add_identity_token(host, "refresh-me");
  bearer_registry();
  needs_token(at("GET", "tags/list"));
  const auto reply = send(call());
  EXPECT_EQ(reply.authorization.user, "the stored token (from config.json)");
  EXPECT_EQ(http.count("POST https://auth.example/token"), 1u);
  EXPECT_FALSE(travelled(http, "https://r.example/", "refresh-me"));
}

TEST_F(AuthorizerTest, AnIdentityTokenIsNothingForBasic) {
  credentials.add_identity_token(host, "refresh-me");
  basic_registry("dev", "s3cret");
  http.on(at("GET", "tags/list"), answer(401, {{"WWW-Authenticate", "Basic realm=\"test\""}}));
  EXPECT_EQ(send(call()).response.status, 401);
  EXPECT_EQ(authorization(http.last(at("GET", "tags/list"))), "");
}

TEST_F(AuthorizerTest, ARegistryTokenIsSentAsItIs) {
  credentials.add_registry_token(host, "given");
  bearer_registry();
  http.on(at("GET", "tags/list"), answer(200));
  send(call());
  EXPECT_EQ(authorization(http.last(at("GET", "tags/list"))), "Bearer given");
  EXPECT_EQ(http.count("GET https://auth.example/*"), 0u);
}

TEST_F(AuthorizerTest, ARegistryTokenThatIsNoTokenIsNotSent) {
  credentials.add_registry_token(host, "given\r\nX-Evil: yes");
  bearer_registry();
  const Error error = refused(call());
  EXPECT_EQ(error.code, Code::malformed);
  EXPECT_EQ(error.text().find("Evil"), std::string::npos);
}

}  // namespace
}  // namespace sigstore::remote
