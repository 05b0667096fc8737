#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"
#include "sigstore/keys/github/github_secrets.h"
#include "sigstore/net/testing/scripted_transport.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_github();

namespace {

using net::testing::answer;

class GithubKeys : public ::testing::Test {
 protected:
  GithubKeys() : context(fake.env()) {
    fake.variables.values = {{"GITHUB_TOKEN", "ghp"}, {"COSIGN_PASSWORD", "pw"}};
    context.connect = [this](net::TlsOptions) { return net::testing::lend(transport); };
  }
  std::string base(std::map<std::string, std::string> variables) {
    variables.emplace("GITHUB_TOKEN", "t");
    fake.variables.values = {variables.begin(), variables.end()};
    const auto settings = read_github_settings(fake.env());
    return settings ? settings->base.scheme + "://" + settings->base.authority() + settings->base.path
                    : settings.error().message;
  }

  fakes::FakeEnv fake;
  net::testing::ScriptedTransport transport;
  Context context;
  std::unique_ptr<Provider> github = make_github();
  std::string secrets = "https://api.github.com/repos/dev/app/actions/secrets";
  std::string key = R"({"key_id":"1","key":"2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvvcCU="})";
};

TEST_F(GithubKeys, Places) {
  EXPECT_EQ(parse_github_reference("github://dev/app.js")->path(), "/repos/dev/app.js");
  EXPECT_EQ(parse_github_reference("github://team")->text(), "the organization team");
  EXPECT_EQ(parse_github_reference("gitlab://team").error().code, Code::not_mine);
  for (const char* text :
       {"github://", "github://a/", "github:///a", "github://a/b/c", "github://a/..", "github://a b"})
    EXPECT_EQ(parse_github_reference(text).error().code, Code::invalid_argument) << text;
}

TEST_F(GithubKeys, WhereItIs) {
  EXPECT_EQ(base({}), "https://api.github.com");
  EXPECT_EQ(base({{"GITHUB_HOST", "https://g.example/"}}), "https://g.example/api/v3");
  EXPECT_EQ(base({{"GITHUB_HOST", "g.example"}}), "https://g.example/api/v3");
  EXPECT_EQ(base({{"GITHUB_HOST", "https://api.g.example"}}), "https://api.g.example");
  EXPECT_EQ(base({{"GITHUB_HOST", "https://g.example/api/v3/"}}), "https://g.example/api/v3");
  EXPECT_EQ(base({{"GITHUB_API_URL", "https://ci.example/api/v3"}}), "https://ci.example/api/v3");
  EXPECT_EQ(base({{"GITHUB_HOST", "ftp://x"}}), "GITHUB_HOST is no address of GitHub");
  EXPECT_EQ(base({{"GITHUB_HOST", "http://localhost:8080"}}), "http://localhost:8080/api/v3");
  for (const char* name : {"GITHUB_HOST", "GITHUB_API_URL"})
    EXPECT_EQ(base({{name, "http://g.example"}}),
              std::string(name) + " would send the token of GitHub in clear");
}

TEST_F(GithubKeys, SealsTheThree) {
  transport.on("GET " + secrets + "/public-key", answer(200, {}, key));
  transport.on("PUT *", answer(201, {}, "{}"));
  ASSERT_TRUE(github->create(context, "github://dev/app", {.overwrite = true}));
  EXPECT_EQ(transport.log(),
            (std::vector<std::string>{"GET " + secrets + "/public-key", "PUT " + secrets + "/COSIGN_PASSWORD",
                                      "PUT " + secrets + "/COSIGN_PRIVATE_KEY",
                                      "PUT " + secrets + "/COSIGN_PUBLIC_KEY"}));
  const auto body = *codec::json::parse(transport.last("PUT " + secrets + "/COSIGN_PASSWORD").body, "body");
  EXPECT_EQ(*body.get("key_id")->string(), "1");
  EXPECT_EQ(codec::base64::decode(*body.get("encrypted_value")->string())->size(), 32u + 16u + 2u);
  EXPECT_EQ(transport.last("GET *").headers.get("Authorization"), "Bearer ghp");
}

TEST_F(GithubKeys, ThePasswordApart) {
  transport.on("GET " + secrets + "/public-key", answer(200, {}, key));
  transport.on("GET " + secrets + "/COSIGN_PASSWORD", answer(200, {}, "{}"));
  transport.on("PUT *", answer(204));
  transport.on("DELETE *", answer(204));
  ASSERT_TRUE(github->create(context, "github://dev/app", {.overwrite = true, .password_apart = true}));
  EXPECT_EQ(transport.count("PUT *"), 2u);
  EXPECT_EQ(transport.log().back(), "DELETE " + secrets + "/COSIGN_PASSWORD");
}

TEST_F(GithubKeys, WhatIsThereIsAskedAbout) {
  transport.on("GET " + secrets + "/public-key", answer(200, {}, key));
  transport.on("GET " + secrets + "/COSIGN_PRIVATE_KEY", answer(200, {}, "{}"));
  EXPECT_EQ(github->create(context, "github://dev/app", {}).error().code, Code::declined);
  EXPECT_EQ(transport.count("PUT *"), 0u);
}

TEST_F(GithubKeys, SecretsAreNeverRead) {
  EXPECT_EQ(github->open_signer(context, "github://dev/app").error().code, Code::unsupported);
  EXPECT_EQ(github->open_public(context, "github://dev/app").error().code, Code::unsupported);
  EXPECT_EQ(github->open_signer(context, "cosign.key").error().code, Code::not_mine);
  EXPECT_EQ(github->create(context, "gitlab://a", {}).error().code, Code::not_mine);
  EXPECT_TRUE(transport.requests().empty());
}

}  // namespace
}  // namespace sigstore::keys
