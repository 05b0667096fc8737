#include "sigstore/remote/registry/challenge.h"

namespace sigstore::remote {
namespace {

using Parameters = std::map<std::string, std::string>;

std::vector<Challenge> parsed(std::string_view header) {
  auto challenges = parse_challenges(header);
  EXPECT_TRUE(challenges) << header;
  return challenges.value_or(std::vector<Challenge>{});
}

Challenge only(std::string_view header) {
  const auto challenges = parsed(header);
  EXPECT_EQ(challenges.size(), 1u) << header;
  return challenges.empty() ? Challenge{} : challenges.front();
}

TEST(Challenge, DockerHubs) {
  const auto challenge = only(R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",)"
                              R"(scope="repository:library/nginx:pull,push")");
  EXPECT_EQ(challenge.scheme, "bearer");
  EXPECT_EQ(challenge.get("realm"), "https://auth.docker.io/token");
  EXPECT_EQ(challenge.get("service"), "registry.docker.io");
  EXPECT_EQ(challenge.get("scope"), "repository:library/nginx:pull,push");
  EXPECT_EQ(challenge.get("error"), "");
}

TEST(Challenge, WaysToWriteTheSame) {
  const Challenge wanted{"bearer", Parameters{{"realm", "https://a/t"}, {"service", "s"}}};
  for (const char* header : {
           R"(Bearer realm="https://a/t",service="s")",
           R"(bearer REALM="https://a/t" , Service=s)",
           R"(BEARER  realm = "https://a/t",service = s)",
           R"(Bearer realm="https://a/t",,service="s",)",
           R"(  ,Bearer realm="https://a/t",	service="s")",
           R"(Bearer realm="https:\/\/a/t", service="s", service="another")",
       })
    EXPECT_EQ(only(header), wanted) << header;
}

TEST(Challenge, ASchemeAlone) {
  EXPECT_EQ(only("Basic"), (Challenge{"basic", {}}));
  EXPECT_EQ(only("Basic realm="), (Challenge{"basic", {}}));  // a token68, for all that anybody can tell
}

TEST(Challenge, QuotedText) {
  EXPECT_EQ(only(R"(Basic realm="a \"b\", c=\\d")").get("realm"), R"(a "b", c=\d)");
  EXPECT_EQ(only(R"(Basic realm="")").parameters, (Parameters{{"realm", ""}}));
  EXPECT_EQ(only("Basic realm=\"\xc3\xa4\"").get("realm"), "\xc3\xa4");
}

TEST(Challenge, SeveralInOneHeader) {
  const auto challenges =
      parsed(R"(Negotiate YII/+==, Basic realm="x", Bearer realm="https://a/t",service="s", Digest)");
  ASSERT_EQ(challenges.size(), 4u);
  EXPECT_EQ(challenges[0], (Challenge{"negotiate", {}}));
  EXPECT_EQ(challenges[1], (Challenge{"basic", Parameters{{"realm", "x"}}}));
  EXPECT_EQ(challenges[2].scheme, "bearer");
  EXPECT_EQ(challenges[2].get("service"), "s");
  EXPECT_EQ(challenges[3], (Challenge{"digest", {}}));
}

TEST(Challenge, NothingIsNoChallenge) {
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed(" , ,\t").empty());
}

TEST(Challenge, WhatCannotBeRead) {
  for (const char* header : {
           R"(="x")",
           R"("Bearer")",
           R"(Bearer realm="x)",
           R"(Bearer realm="x\)",
           R"(Bearer realm="x" y)",
           R"(Bearer/realm="x")",
           "Bearer\nrealm=x",
           "\x01",
       }) {
    const auto challenges = parse_challenges(header);
    ASSERT_FALSE(challenges) << header;
    EXPECT_EQ(challenges.error().code, Code::malformed) << header;
  }
}

TEST(PreferredChallenge, BearerBeforeBasicWhereverTheyStand) {
  const net::Headers headers{{"WWW-Authenticate", "Basic realm=\"x\""},
                             {"www-authenticate", "Negotiate"},
                             {"WWW-Authenticate", "Bearer realm=\"https://a/t\""},
                             {"WWW-Authenticate", "Bearer realm=\"https://b/t\""}};
  EXPECT_EQ(preferred_challenge(headers).scheme, "bearer");
  EXPECT_EQ(preferred_challenge(headers).get("realm"), "https://a/t");
}

TEST(PreferredChallenge, HeadersThatCannotBeReadArePassedOver) {
  const net::Headers headers{{"WWW-Authenticate", "Bearer realm=\"https://a/t"},
                             {"WWW-Authenticate", "Basic realm=\"x\""}};
  EXPECT_EQ(preferred_challenge(headers).scheme, "basic");
}

TEST(PreferredChallenge, NoneThatThisClientAnswers) {
  EXPECT_EQ(preferred_challenge({}), Challenge{});
  EXPECT_EQ(preferred_challenge({{"WWW-Authenticate", "Negotiate, Digest realm=\"x\""}}), Challenge{});
}

}  // namespace
}  // namespace sigstore::remote
