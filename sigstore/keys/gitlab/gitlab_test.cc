#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/keys/file/key_file.h"
#include "sigstore/keys/gitlab/gitlab_variables.h"
#include "sigstore/net/testing/scripted_transport.h"

namespace sigstore::keys {

std::unique_ptr<Provider> make_gitlab();

namespace {

using codec::json::Object;
using net::testing::answer;

class GitlabKeys : public ::testing::Test {
 protected:
  GitlabKeys() : context(fake.env()) {
    fake.variables.values = {{"GITLAB_TOKEN", "glpat"}, {"COSIGN_PASSWORD", "pw"}};
    context.connect = [this](net::TlsOptions) { return net::testing::lend(transport); };
  }
  void give(const std::string& name, const std::string& value) {
    transport.on("GET " + place + "/variables/" + name,
                 answer(200, {}, codec::json::write(Object{{"key", name}, {"value", value}})));
  }
  std::string base(std::map<std::string, std::string> variables) {
    variables.emplace("GITLAB_TOKEN", "t");
    fake.variables.values = {variables.begin(), variables.end()};
    const auto settings = read_gitlab_settings(fake.env());
    return settings ? settings->base.text() : settings.error().message;
  }

  fakes::FakeEnv fake;
  net::testing::ScriptedTransport transport;
  Context context;
  std::unique_ptr<Provider> gitlab = make_gitlab();
  std::string place = "https://gitlab.com/api/v4/projects/team%2Fapp";
};

TEST_F(GitlabKeys, WhereItIs) {
  EXPECT_EQ(base({}), "https://gitlab.com/api/v4");
  EXPECT_EQ(base({{"GITLAB_HOST", "https://g.example/"}}), "https://g.example/api/v4");
  EXPECT_EQ(base({{"GITLAB_HOST", "g.example"}}), "https://g.example/api/v4");
  EXPECT_EQ(base({{"GITLAB_HOST", "https://g.example/git/api/v4/"}}), "https://g.example/git/api/v4");
  EXPECT_EQ(base({{"CI_API_V4_URL", "https://ci.example/api/v4"}}), "https://ci.example/api/v4");
  EXPECT_EQ(base({{"GITLAB_HOST", "https://g.example?x"}}), "GITLAB_HOST is no address of GitLab");
  EXPECT_EQ(base({{"GITLAB_HOST", "http://localhost:8080"}}), "http://localhost:8080/api/v4");
  for (const char* name : {"GITLAB_HOST", "CI_API_V4_URL"})
    EXPECT_EQ(base({{name, "http://g.example"}}),
              std::string(name) + " would send the token of GitLab in clear");
}

TEST_F(GitlabKeys, OpensAPair) {
  auto key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  transport.on("GET " + place, answer(200, {}, "{}"));
  give("COSIGN_PRIVATE_KEY", *seal_private_key(key.pkcs8(), Secret(std::string_view("there")), fake.random));
  give("COSIGN_PUBLIC_KEY", key.public_key().pem());
  give("COSIGN_PASSWORD", "there");
  const auto signer = gitlab->open_signer(context, "gitlab://team/app");
  ASSERT_TRUE(signer) << signer.error().text();
  EXPECT_EQ((*signer)->public_key(), *gitlab->open_public(context, "gitlab://team/app"));
  EXPECT_EQ(transport.last("GET " + place).headers.get("PRIVATE-TOKEN"), "glpat");
}

TEST_F(GitlabKeys, HalvesOfTwoKeys) {
  auto key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  auto other = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  transport.on("GET " + place, answer(200, {}, "{}"));
  give("COSIGN_PRIVATE_KEY", *seal_private_key(key.pkcs8(), Secret(std::string_view("there")), fake.random));
  give("COSIGN_PUBLIC_KEY", other.public_key().pem());
  give("COSIGN_PASSWORD", "there");
  const auto refused = gitlab->open_signer(context, "gitlab://team/app");
  EXPECT_EQ(refused.error().code, Code::mismatch);
  EXPECT_EQ(refused.error().message,
            "COSIGN_PUBLIC_KEY in the project team/app of GitLab at https://gitlab.com is not the public "
            "half of its "
            "COSIGN_PRIVATE_KEY");
}

TEST_F(GitlabKeys, WhatIsNotThereIsMadeAndTakenBack) {
  transport.on("GET " + place, answer(200, {}, "{}"));
  transport.on("GET *", answer(404, {}, R"({"message":"404 Variable Not Found"})"));
  transport.on("POST *", answer(201, {}, "{}"));
  transport.on("POST *", answer(400, {}, R"({"message":{"value":["is invalid"]}})"));
  transport.on("DELETE *", answer(204));
  const auto refused = gitlab->create(context, "gitlab://team/app", {});
  EXPECT_EQ(refused.error().cause, "HTTP 400: value: is invalid");
  EXPECT_EQ(transport.log().back(), "DELETE " + place + "/variables/COSIGN_PASSWORD");
  EXPECT_EQ(
      transport.requests()[4].body,
      R"({"key":"COSIGN_PASSWORD","value":"pw","masked":false,"protected":false,"variable_type":"env_var","environment_scope":"*"})");
}

TEST_F(GitlabKeys, ThePasswordApart) {
  transport.on("GET " + place, answer(200, {}, "{}"));
  transport.on("GET *", answer(404));
  transport.on("POST *", answer(201, {}, "{}"));
  ASSERT_TRUE(gitlab->create(context, "gitlab://team/app", {.password_apart = true}));
  EXPECT_EQ(transport.count("POST *"), 2u);
  for (const auto& request : transport.requests())
    EXPECT_EQ(request.body.find("COSIGN_PASSWORD"), std::string::npos);
}

// The password of the key that was there is not lost while that key may yet stay.
TEST_F(GitlabKeys, AnOlderPasswordGoesLast) {
  transport.on("GET " + place, answer(200, {}, "{}"));
  for (const char* name : {"COSIGN_PRIVATE_KEY", "COSIGN_PUBLIC_KEY", "COSIGN_PASSWORD"}) give(name, "old");
  transport.on("PUT *", answer(200, {}, "{}"));
  transport.on("DELETE *", answer(500));
  transport.on("DELETE *", answer(204));
  const NewKey wanted{.algorithm = {}, .overwrite = true, .password_apart = true};
  EXPECT_EQ(gitlab->create(context, "gitlab://team/app", wanted).error().code, Code::unavailable);
  const auto& requests = transport.requests();
  ASSERT_EQ(requests.size(), 9u);
  EXPECT_EQ(requests[6].method, "DELETE");
  for (const std::size_t taken_back : {7, 8})
    EXPECT_TRUE(requests[taken_back].body.contains(R"("value":"old")")) << requests[taken_back].body;
  EXPECT_TRUE(gitlab->create(context, "gitlab://team/app", wanted));
  EXPECT_EQ(transport.log().back(), "DELETE " + place + "/variables/COSIGN_PASSWORD");
}

TEST_F(GitlabKeys, NothingIsAskedBeforeItIsKnownToBeIts) {
  EXPECT_EQ(gitlab->open_signer(context, "cosign.key").error().code, Code::not_mine);
  EXPECT_EQ(gitlab->open_public(context, "github://a/b").error().code, Code::not_mine);
  EXPECT_EQ(gitlab->create(context, "k8s://a/b", {}).error().code, Code::not_mine);
  EXPECT_EQ(gitlab->create(context, "gitlab://a", {.algorithm = "rsa"}).error().code, Code::unsupported);
  EXPECT_TRUE(transport.requests().empty());
}

}  // namespace
}  // namespace sigstore::keys
