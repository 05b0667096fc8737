#include "sigstore/remote/registry/client.h"

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;
using testing::authorization;
using testing::dev_basic;

class ClientTest : public ::testing::Test, public testing::ClientFixture {};

// --- without credentials

TEST_F(ClientTest, AnOpenRegistry) {
  open_registry();
  http.on(at("GET", "tags/list"), answer(200));
  EXPECT_EQ(send(call()).response.status, 200);
  EXPECT_EQ(send(call()).response.status, 200);
  EXPECT_EQ(http.count(at("GET")), 1u);
  EXPECT_EQ(credentials.asked(), 0);
}

TEST_F(ClientTest, ATokenForAStranger) {
  bearer_registry();
  needs_token(at("GET", "tags/list"));
  const auto reply = send(call());
  EXPECT_EQ(reply.response.status, 200);
  EXPECT_FALSE(reply.authorization.with_credentials);
  EXPECT_EQ(http.count("GET https://auth.example/token?service=r.example&scope=repository%3Aapp%3Apull"), 1u);
  EXPECT_EQ(credentials.asked(), 1);
}

TEST_F(ClientTest, APingThatFailsIsEverybodysForAWhile) {
  http.on(at("GET"), Error{Code::tls, "not to be trusted", {}, {}});
  EXPECT_EQ(refused(call()).code, Code::tls);
  EXPECT_EQ(refused(call()).code, Code::tls);
  EXPECT_EQ(http.count(at("GET")), 1u);
  fake.clock.advance(std::chrono::seconds(6));
  refused(call());
  EXPECT_EQ(http.count(at("GET")), 2u);
}

// --- username and password

TEST_F(ClientTest, BasicIsSentAtOnceWhenThePingAskedForIt) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  http.on(at("GET", "tags/list"), answer(200));
  const auto reply = send(call());
  EXPECT_EQ(authorization(http.last(at("GET", "tags/list"))), dev_basic);
  EXPECT_EQ(authorization(http.last(at("GET"))), "");
  EXPECT_EQ(reply.authorization.user, "dev (from config.json)");
}

TEST_F(ClientTest, AWrongPasswordIsSentOnce) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "another");
  http.on(at("GET", "tags/list"), answer(401, {{"WWW-Authenticate", "Basic realm=\"test\""}}));
  const auto reply = send(call());
  EXPECT_EQ(reply.response.status, 401);
  EXPECT_EQ(http.count(at("GET", "tags/list")), 1u);
  const Error error = Client::failure(call(), reply);
  EXPECT_EQ(error.code, Code::unauthorized);
  EXPECT_EQ(error.message, "r.example does not accept the credentials of dev (from config.json)");
}

TEST_F(ClientTest, ABrokenSourceIsTheError) {
  credentials.break_with({Code::malformed, "config.json is not valid JSON", {}, {}});
  basic_registry("dev", "s3cret");
  EXPECT_EQ(refused(call()).message, "config.json is not valid JSON");
  EXPECT_EQ(http.count(at("GET", "tags/list")), 0u);
}

TEST_F(ClientTest, ABrokenSourceIsNotAskedByAnOpenRegistry) {
  credentials.break_with({Code::malformed, "config.json is not valid JSON", {}, {}});
  open_registry();
  http.on(at("GET", "tags/list"), answer(200));
  send(call());
}

TEST_F(ClientTest, OverPlainHttpNoCredentialsUnasked) {
  credentials.add("127.0.0.1:5000", "dev", "s3cret");
  http.on("GET http://127.0.0.1:5000/v2/", answer(401, {{"WWW-Authenticate", "Basic realm=\"test\""}}));
  Call wanted = call();
  wanted.repository.registry = "127.0.0.1:5000";
  const Error error = refused(wanted);
  EXPECT_EQ(error.code, Code::tls);
  EXPECT_EQ(error.message, "credentials for 127.0.0.1:5000 would travel over plain HTTP");
  EXPECT_TRUE(error.hint.starts_with("--allow-http-registry"));
  for (const auto& request : http.requests()) EXPECT_EQ(authorization(request), "");
}

TEST_F(ClientTest, OverPlainHttpWhenAllowed) {
  options.allow_http = true;
  credentials.add("127.0.0.1:5000", "dev", "s3cret");
  http.on("GET http://127.0.0.1:5000/v2/", answer(401, {{"WWW-Authenticate", "Basic realm=\"test\""}}));
  http.on("GET http://127.0.0.1:5000/v2/app/tags/list", answer(200));
  Call wanted = call();
  wanted.repository.registry = "127.0.0.1:5000";
  send(wanted);
  EXPECT_EQ(authorization(http.last("GET http://127.0.0.1:5000/v2/app/*")), dev_basic);
}

// --- login

TEST_F(ClientTest, ALoginThatIsRight) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "s3cret");
  EXPECT_TRUE(client().check_login(host));
  EXPECT_TRUE(notices.empty());
}

TEST_F(ClientTest, ALoginThatIsWrong) {
  credentials.add(host, "dev", "s3cret");
  basic_registry("dev", "another");
  const auto checked = client().check_login(host);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Code::unauthorized);
  EXPECT_EQ(checked.error().message, "r.example does not accept the credentials of dev (from config.json)");
}

TEST_F(ClientTest, ALoginByToken) {
  credentials.add(host, "dev", "s3cret");
  http.on(at("GET"), [](const net::Request& request) -> Result<net::Response> {
    return authorization(request) == "Bearer t" ? answer(200) : answer(401, bearer_challenge());
  });
  http.on("GET https://auth.example/token?service=r.example", answer(200, {}, R"({"token":"t"})"));
  EXPECT_TRUE(client().check_login(host));
}

TEST_F(ClientTest, ALoginWhereNobodyAsks) {
  credentials.add(host, "dev", "s3cret");
  open_registry();
  EXPECT_TRUE(client().check_login(host));
  EXPECT_EQ(notices,
            std::vector<std::string>{"r.example asks for no credentials: they could not be checked"});
}

}  // namespace
}  // namespace sigstore::remote
