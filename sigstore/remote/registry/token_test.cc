#include "sigstore/remote/registry/token.h"

#include "sigstore/remote/registry/testing/http_fixture.h"

namespace sigstore::remote {
namespace {

using namespace std::chrono_literals;
using net::testing::answer;
using testing::authorization;

class TokenTest : public ::testing::Test, public testing::HttpFixture {
 protected:
  TokenRequest wanted(Login* login = nullptr, const std::string& realm = "https://auth.example/token") {
    return {net::Url::parse(realm).value(),
            net::Url::parse("https://r.example/v2/").value(),
            "the service",
            "repository:a/b:pull,push",
            "r.example",
            login};
  }
  Result<Token> fetch(Login* login = nullptr) { return fetch_token(context_, wanted(login)); }
  Error refused(net::Response response, Login* login = nullptr) {
    http.on("GET https://auth.example/*", std::move(response));
    const auto token = fetch(login);
    EXPECT_FALSE(token);
    return token ? Error{} : token.error();
  }

  static Credential password() { return {"dev", Secret("s3cret"), {}, {}, "config.json"}; }
  static Credential identity() { return {{}, {}, Secret("refresh-me&"), {}, "config.json"}; }

  const std::string get =
      "GET https://auth.example/token?service=the%20service&scope=repository%3Aa%2Fb%3Apull%2Cpush";
  const Context context_ = context();
};

TEST_F(TokenTest, Anonymous) {
  http.on(get, answer(200, {}, R"({"token":"abc","expires_in":300})"));
  const auto token = fetch();
  ASSERT_TRUE(token) << token.error().text();
  EXPECT_EQ(token->header, "Bearer abc");
  EXPECT_EQ(token->expires - token->fetched, 270s);
  EXPECT_EQ(authorization(http.last(get)), "");
  EXPECT_EQ(http.last(get).tls_of, net::Url::parse("https://r.example/v2/").value());
}

TEST_F(TokenTest, WithAPassword) {
  Login login(password());
  http.on(get, answer(200, {}, R"({"access_token":"abc"})"));
  ASSERT_TRUE(fetch(&login));
  EXPECT_EQ(authorization(http.last(get)), "Basic ZGV2OnMzY3JldA==");
}

TEST_F(TokenTest, ARealmWithAQueryKeepsIt) {
  http.on("GET https://auth.example/t?x=y&service=s", answer(200, {}, R"({"token":"abc"})"));
  auto request = wanted(nullptr, "https://auth.example/t?x=y");
  request.service = "s";
  request.scope.clear();
  EXPECT_TRUE(fetch_token(context_, request));
}

TEST_F(TokenTest, AnIdentityTokenGoesInTheBody) {
  Login login(identity());
  http.on("POST https://auth.example/token", answer(200, {}, R"({"access_token":"abc"})"));
  ASSERT_TRUE(fetch(&login));
  const auto request = http.last("POST https://auth.example/token");
  EXPECT_EQ(authorization(request), "");
  EXPECT_EQ(request.headers.get("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body,
            "grant_type=refresh_token&client_id=cosign&service=the%20service&"
            "scope=repository%3Aa%2Fb%3Apull%2Cpush&refresh_token=refresh-me%26");
}

TEST_F(TokenTest, AServerWithoutOAuth2IsAskedByGet) {
  Login login(identity());
  http.on("POST https://auth.example/token", answer(404));
  http.on(get, answer(200, {}, R"({"token":"abc"})"));
  EXPECT_TRUE(fetch(&login));
  EXPECT_FALSE(testing::travelled(http, get, "refresh-me"));
}

TEST_F(TokenTest, ANewRefreshTokenReplacesTheOld) {
  Login login(identity());
  http.on("POST https://auth.example/token",
          answer(200, {}, R"({"access_token":"a","refresh_token":"second"})"));
  ASSERT_TRUE(fetch(&login));
  ASSERT_TRUE(fetch(&login));
  EXPECT_TRUE(http.last("POST *").body.ends_with("refresh_token=second"));
}

TEST_F(TokenTest, ARefreshTokenNobodyAskedForIsNotUsed) {
  Login login(password());
  http.on(get, answer(200, {}, R"({"token":"a","refresh_token":"second"})"));
  ASSERT_TRUE(fetch(&login));
  EXPECT_TRUE(login.identity_token().empty());
}

TEST_F(TokenTest, HowLongItLives) {
  for (const auto& [said, kept] :
       std::map<std::string, std::chrono::seconds>{{R"("expires_in":300)", 270s},
                                                   {R"("expires_in":1)", 54s},
                                                   {R"("expires_in":-7)", 54s},
                                                   {R"("expires_in":"300")", 54s},
                                                   {R"("expires_in":1.5)", 54s},
                                                   {R"("expires_in":9999999)", 3240s},
                                                   {R"("x":1)", 54s}}) {
    net::testing::ScriptedTransport here;
    here.on(get, answer(200, {}, R"({"token":"abc",)" + said + "}"));
    Context with = context_;
    with.transport = &here;
    const auto token = fetch_token(with, wanted());
    ASSERT_TRUE(token) << said;
    EXPECT_EQ(token->expires - token->fetched, kept) << said;
  }
}

TEST_F(TokenTest, AnswersWithoutAUsableToken) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"token":""})", R"({"token":7})",
                           R"({"token":"a b"})", R"({"token":"a\nX: y"})", R"({"token":"\u0000"})",
                           R"({"token":"ä"})", R"({"token":"a","token":"b"})"}) {
    net::testing::ScriptedTransport here;
    here.on(get, answer(200, {}, body));
    Context with = context_;
    with.transport = &here;
    const auto token = fetch_token(with, wanted());
    ASSERT_FALSE(token) << body;
    EXPECT_EQ(token.error().code, Code::malformed) << body;
    EXPECT_EQ(token.error().cause, "token server auth.example answers without a usable token") << body;
  }
}

TEST_F(TokenTest, TooMuch) {
  const Error error = refused(answer(200, {}, std::string(2 * limits::mib, 'a')));
  EXPECT_EQ(error.code, Code::too_large);
}

TEST_F(TokenTest, TheServersWordsNeverRepeatTheToken) {
  const Error error = refused(answer(200, {}, R"({"token":"hush-hush)"));
  EXPECT_EQ(error.text().find("hush"), std::string::npos);
}

TEST_F(TokenTest, WrongCredentials) {
  Login login(password());
  const Error error = refused(answer(401, {}, R"({"details":"incorrect username or password"})"), &login);
  EXPECT_EQ(error.code, Code::unauthorized);
  EXPECT_EQ(error.message, "r.example does not accept the credentials of dev (from config.json)");
  EXPECT_EQ(error.cause, "token server auth.example answers HTTP 401: incorrect username or password");
  EXPECT_EQ(error.hint, "cosign login r.example");
}

TEST_F(TokenTest, AnExpiredRefreshToken) {
  Login login(identity());
  http.on("POST *", answer(400, {}, R"({"error":"invalid_grant"})"));
  const auto token = fetch(&login);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, Code::unauthorized);
  EXPECT_EQ(token.error().message,
            "r.example does not accept the credentials of the stored token (from config.json)");
  EXPECT_EQ(http.count("POST *"), 1u);
}

TEST_F(TokenTest, NotLoggedIn) {
  const Error error = refused(answer(401));
  EXPECT_EQ(error.code, Code::unauthorized);
  EXPECT_EQ(error.message, "not logged in to r.example");
}

TEST_F(TokenTest, NoTokenServerThere) {
  EXPECT_EQ(refused(answer(404)).code, Code::unsupported);
}

TEST_F(TokenTest, AServerInTroubleIsAskedAgain) {
  http.on(get, answer(503));
  http.on(get, answer(429, {{"Retry-After", "7"}}));
  http.on(get, answer(200, {}, R"({"token":"abc"})"));
  EXPECT_TRUE(fetch());
  EXPECT_EQ(fake.clock.sleeps().back(), Duration(7s));
}

TEST_F(TokenTest, ARefreshIsNeverSentTwice) {
  Login login(identity());
  http.on("POST *", answer(503));
  const auto token = fetch(&login);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, Code::unavailable);
  EXPECT_EQ(http.count("POST *"), 1u);
}

TEST_F(TokenTest, ARedirectToAnotherHostGetsNoPassword) {
  Login login(password());
  http.on(get, answer(307, {{"Location", "https://elsewhere.example/token"}}));
  http.on("GET https://elsewhere.example/token", answer(200, {}, R"({"token":"abc"})"));
  ASSERT_TRUE(fetch(&login));
  EXPECT_FALSE(testing::travelled(http, "https://elsewhere.example/", "Basic"));
  EXPECT_FALSE(http.last("GET https://elsewhere.example/token").tls_of);
}

TEST_F(TokenTest, ARedirectOfARefreshIsNotFollowed) {
  Login login(identity());
  http.on("POST *", answer(307, {{"Location", "https://elsewhere.example/token"}}));
  EXPECT_FALSE(fetch(&login));
  EXPECT_EQ(http.count("POST https://elsewhere.example/*"), 0u);
}

TEST(FitsAHeader, OnlyPrintableWords) {
  EXPECT_TRUE(fits_a_header("abc.DEF-_~+/="));
  for (const std::string& token :
       {std::string(), std::string("a b"), std::string("a\r\nX: y"), std::string("a\0b", 3),
        std::string("\x7f"), std::string("\xc3\xa4"), std::string(40000, 'a')})
    EXPECT_FALSE(fits_a_header(token));
}

}  // namespace
}  // namespace sigstore::remote
