#include "server/host/guard.h"

#include <gtest/gtest.h>

#include "server/host/token_endpoint.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;

class TextReader final : public sigstore::FileReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  sigstore::Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t size = text_.copy(reinterpret_cast<char*>(out.data()), out.size());
    text_.erase(0, size);
    return size;
  }

 private:
  std::string text_;
};

// As the registry's: "pull" to read and "push" to write what stands behind /v2/.
Grants need(const Request& request) {
  if (!request.target.starts_with("/v2/") || request.target == "/v2/") return {};
  return {{"repository", std::string(request.target.substr(4)), {request.method == "GET" ? "pull" : "push"}}};
}

struct GuardTest : ::testing::Test {
  GuardTest() {
    fake.files.put("users", "dev:$2y$04$ILlFZPuuqy2VPhTxPw8h2u6p/VWmM8/LUpxrlXAMTGxPgt4QwvPMm");  // dev:word
    users = std::move(*Users::open(fake.env(), "users", {}));
  }
  void with_tokens(bool anonymous_pull = false) {
    options.tokens = &tokens;
    options.needs = need;
    options.anonymous_pull = anonymous_pull;
  }
  Response ask(std::string_view method, std::string_view target, std::string authorization = {},
               std::string body = {}) {
    sigstore::net::Headers headers = {{"Host", "registry.example:5000"}};
    if (!authorization.empty()) headers.set("Authorization", authorization);
    TextReader reader(body);
    return guarded(role, *users, options)({.method = method,
                                           .target = target,
                                           .headers = &headers,
                                           .content_length = body.size(),
                                           .body = &reader,
                                           .peer = "10.0.0.1:1",
                                           .encrypted = encrypted});
  }
  static std::string basic(std::string_view pair) {
    return "Basic " + sigstore::codec::base64::encode(sigstore::as_bytes(pair));
  }
  static std::string challenge(const Response& response) {
    return response.headers.get("WWW-Authenticate").value_or("none");
  }
  static std::string member(const Response& response, const char* key) {
    const auto body = sigstore::codec::json::parse(*response.text, "answer").value();
    const auto* value = body.get(key);
    return value == nullptr ? "absent" : value->string() ? *value->string() : value->number()->text;
  }
  std::string bearer(const char* scope, std::string authorization) {
    const Response given = ask("GET", "/token?service=service&scope=" + std::string(scope), authorization);
    EXPECT_EQ(given.status, 200) << scope;
    return given.status == 200 ? "Bearer " + member(given, "token") : "";
  }

  sigstore::fakes::FakeEnv fake;
  std::unique_ptr<Users> users;
  Tokens tokens{fake.clock, fake.random, "service"};
  GuardOptions options;
  bool encrypted = false;
  int asked = 0;
  std::string asked_user;
  Role role = [this](const Request& request) {
    ++asked;
    asked_user = request.user;
    return Response{.status = 204};
  };
};

TEST_F(GuardTest, NobodyComesInWithoutThePassword) {
  options.realm = "the realm";
  for (const std::string& header : {std::string(), basic("dev:wrong"), basic("ops:word"),
                                    std::string("Bearer x"), std::string("Basic"), std::string("Digest x")}) {
    const Response response = ask("GET", "/v2/", header);
    EXPECT_EQ(response.status, 401) << header;
    EXPECT_EQ(challenge(response), "Basic realm=\"the realm\"");
    EXPECT_NE(response.text->find("UNAUTHORIZED"), std::string::npos);
    EXPECT_EQ(response.user, "");
  }
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(ask("GET", "/v2/", basic("dev:word")).user, "dev");
  EXPECT_EQ(asked_user, "dev");
}

TEST_F(GuardTest, WhoHasNoTokenIsToldWhereToGetOne) {
  with_tokens();
  EXPECT_EQ(challenge(ask("GET", "/v2/")),
            R"(Bearer realm="http://registry.example:5000/token",service="service")");
  encrypted = true;
  EXPECT_EQ(challenge(ask("PUT", "/v2/app")), R"(Bearer realm="https://registry.example:5000/token",)"
                                              R"(service="service",scope="repository:app:push")");
  options.external_url = "https://outside.example/sub";
  EXPECT_TRUE(
      challenge(ask("GET", "/v2/")).starts_with(R"(Bearer realm="https://outside.example/sub/token")"));
  EXPECT_EQ(challenge(ask("GET", "/")), R"(Basic realm="registry")") << "a browser knows no tokens";
  EXPECT_EQ(asked, 0);
}

TEST_F(GuardTest, ATokenIsGoodForWhatItSays) {
  with_tokens();
  const std::string token = bearer("repository:app:pull,push", basic("dev:word"));
  EXPECT_EQ(ask("GET", "/v2/", token).status, 204);
  EXPECT_EQ(ask("GET", "/v2/app", token).status, 204);
  EXPECT_EQ(ask("PUT", "/v2/app", token).user, "dev");
  const Response other = ask("GET", "/v2/other", token);
  EXPECT_EQ(other.status, 401);
  EXPECT_TRUE(challenge(other).ends_with(R"(,scope="repository:other:pull",error="insufficient_scope")"));
  EXPECT_EQ(ask("PUT", "/v2/app", bearer("repository:app:pull", basic("dev:word"))).status, 401);
  EXPECT_EQ(ask("PUT", "/v2/other", basic("dev:word")).status, 204) << "a password is good for everything";
  EXPECT_EQ(ask("GET", "/", token).status, 401) << "what shows all repositories";
  EXPECT_EQ(ask("GET", "/", basic("dev:word")).status, 204);
}

TEST_F(GuardTest, ATokenEndsWithItsTimeAndWithThePasswordItWasGivenFor) {
  with_tokens();
  const std::string token = bearer("repository:app:pull", basic("dev:word"));
  fake.files.put("users", "dev:$2y$04$a/J41rQFQCY1G8xbNqJsWeVFjFhGpeQqmBRb/wQ2Q5sfzMa469SXW");
  fake.clock.advance(1s);
  const Response changed = ask("GET", "/v2/app", token);
  EXPECT_EQ(changed.status, 401);
  EXPECT_TRUE(challenge(changed).ends_with(R"(,scope="repository:app:pull",error="invalid_token")"));
  const std::string next = bearer("repository:app:pull", basic("dev:pass:word"));
  EXPECT_EQ(ask("GET", "/v2/app", next).status, 204);
  fake.clock.advance(Tokens::life);
  EXPECT_TRUE(challenge(ask("GET", "/v2/app", next)).ends_with(R"(error="invalid_token")"));
  EXPECT_EQ(ask("GET", "/v2/app", "Bearer a.b").status, 401);
}

TEST_F(GuardTest, TheAnswerOfTheTokenEndpoint) {
  with_tokens();
  const Response given = ask(
      "GET", "/token?account=dev&scope=repository:a:pull&scope=repository%3Ab%3Apush+x", basic("dev:word"));
  EXPECT_EQ(given.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(member(given, "token"), member(given, "access_token"));
  EXPECT_EQ(member(given, "expires_in"), "300");
  EXPECT_EQ(member(given, "issued_at"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(member(given, "scope"), "repository:a:pull repository:b:delete,push");
  EXPECT_EQ(given.user, "dev");
  EXPECT_EQ(ask("GET", "/token").status, 401);
  EXPECT_EQ(challenge(ask("GET", "/token", basic("dev:wrong"))), R"(Basic realm="registry")");
  EXPECT_EQ(ask("GET", "/token?service=another", basic("dev:word")).status, 400);
  EXPECT_EQ(ask("DELETE", "/token", basic("dev:word")).status, 405);
  EXPECT_EQ(asked, 0);
}

TEST_F(GuardTest, AFormIsAnsweredLikeAQuery) {
  with_tokens();
  const std::string form =
      "grant_type=password&service=service&scope=repository:a:pull&client_id=x&username=dev";
  const Response given = ask("POST", "/token", {}, form + "&password=word");
  EXPECT_EQ(given.status, 200);
  EXPECT_EQ(ask("GET", "/v2/a", "Bearer " + member(given, "access_token")).status, 204);
  EXPECT_EQ(ask("POST", "/token", {}, form + "&password=guess").status, 401);
  EXPECT_EQ(ask("POST", "/token", {}, form).status, 401);
  EXPECT_EQ(member(ask("POST", "/token", {}, "grant_type=refresh_token&refresh_token=x"), "error"),
            "unsupported_grant_type");
  EXPECT_EQ(ask("POST", "/token", {}, form + std::string(100000, 'x')).status, 413);
}

TEST_F(GuardTest, WhoIsNotLoggedInMayPullWhereThatIsSaid) {
  with_tokens(true);
  EXPECT_TRUE(challenge(ask("GET", "/v2/")).starts_with("Bearer ")) << "else clients never log in";
  const std::string token = bearer("repository:app:pull,push", "");
  EXPECT_EQ(ask("GET", "/v2/", token).status, 204);
  EXPECT_EQ(ask("GET", "/v2/app", token).status, 204);
  EXPECT_EQ(ask("GET", "/v2/app").status, 204);
  EXPECT_EQ(ask("GET", "/").status, 204) << "the page";
  EXPECT_EQ(asked_user, "");
  EXPECT_TRUE(challenge(ask("PUT", "/v2/app", token)).ends_with("error=\"insufficient_scope\""));
  EXPECT_EQ(ask("PUT", "/v2/app").status, 401);
  EXPECT_EQ(ask("PUT", "/v2/app", bearer("repository:app:pull,push", basic("dev:word"))).status, 204);
  EXPECT_EQ(ask("GET", "/token", basic("dev:wrong")).status, 401) << "a wrong password is not nobody";
}

TEST_F(GuardTest, WhatIsGrantedFollowsWhoAsks) {
  const auto given = [](const char* scope, bool is_user) {
    return scope_text(granted(parse_scopes(scope), is_user));
  };
  EXPECT_EQ(given("repository:a:*", true), "repository:a:delete,pull,push");
  EXPECT_EQ(given("repository:a:*", false), "repository:a:pull");
  EXPECT_EQ(given("repository:a:pull,push", true), "repository:a:delete,pull,push");
  EXPECT_EQ(given("repository:a:push,delete,admin", false), "");
  EXPECT_EQ(given("registry:catalog:* registry:other:* plugin:a:pull", false), "registry:catalog:*");
}

TEST_F(GuardTest, WhoeverAsksTooOftenWaits) {
  Buckets rate(fake.clock, {.per_second = 1, .burst = 3});
  options.rate = &rate;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("GET", "/v2/").status, 401);
  EXPECT_EQ(ask("GET", "/v2/").status, 429) << "also for those who never come in";
  EXPECT_EQ(ask("GET", "/v2/", basic("dev:word")).status, 204) << "a user counts for themselves";
}

}  // namespace
}  // namespace server::host
