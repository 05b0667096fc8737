#include "sigstore/credentials/docker/config_source.h"

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::credentials {
namespace {

const oci::Repository app{"r.example", "team/app"};
const std::string path = "/home/dev/.docker/config.json";

class ConfigSourceTest : public ::testing::Test {
 protected:
  ConfigSourceTest() : source_(make_config_source(fake.env(), path)) {}

  // "user:password" or "token:…", "" for none.
  std::string found(const oci::Repository& repository = app) {
    const auto credential = source_->find(repository);
    EXPECT_TRUE(credential) << (credential ? "" : credential.error().text());
    if (!credential || !*credential) return "";
    source = (*credential)->source;
    if (!(*credential)->identity_token.empty())
      return "token:" + std::string((*credential)->identity_token.reveal());
    return (*credential)->username + ":" + std::string((*credential)->password.reveal());
  }
  Error refused(const oci::Repository& repository = app) {
    const auto credential = source_->find(repository);
    EXPECT_FALSE(credential);
    return credential ? Error{} : credential.error();
  }
  void helper_says(std::string out, int exit_code = 0) {
    fake.processes.answer(ProcessOutput{exit_code, std::move(out), {}});
  }

  fakes::FakeEnv fake;
  std::string source;

 private:
  std::unique_ptr<remote::CredentialSource> source_;
};

TEST_F(ConfigSourceTest, NoFileIsNothing) {
  EXPECT_EQ(found(), "");
}

TEST_F(ConfigSourceTest, FromTheFile) {
  fake.files.put(path, R"({"auths":{"r.example":{"auth":"eDp5"}}})");
  EXPECT_EQ(found(), "x:y");
  EXPECT_EQ(source, path);
}

TEST_F(ConfigSourceTest, TheFileIsReadOnceAndNotBefore) {
  EXPECT_EQ(fake.files.operations(), 0);
  fake.files.put(path, R"({"auths":{"r.example":{"auth":"eDp5"}}})");
  found();
  fake.files.put(path, "{}");
  EXPECT_EQ(found(), "x:y");
}

TEST_F(ConfigSourceTest, AFileThatCannotBeReadIsAnErrorThatNamesIt) {
  fake.files.put(path, "{}");
  fake.files.fail_at(1, Code::io);
  const Error error = refused();
  EXPECT_EQ(error.code, Code::io);
  EXPECT_EQ(error.message, "the credentials in " + path + " cannot be read");
  EXPECT_EQ(refused(), error);
}

TEST_F(ConfigSourceTest, AFileThatIsBrokenIsAnErrorThatNamesIt) {
  fake.files.put(path, "{\"auths\": ");
  EXPECT_EQ(refused().code, Code::malformed);
  EXPECT_NE(refused().message.find(path), std::string::npos);
}

TEST_F(ConfigSourceTest, AHelper) {
  fake.files.put(path, R"({"credsStore":"desktop"})");
  helper_says(R"({"Username":"dev","Secret":"s3cret"})");
  EXPECT_EQ(found(), "dev:s3cret");
  EXPECT_EQ(source, "docker-credential-desktop (from " + path + ")");
  EXPECT_EQ(found({"r.example", "other"}), "dev:s3cret");
  ASSERT_EQ(fake.processes.calls().size(), 1u);  // asked once per registry
  EXPECT_EQ(fake.processes.calls()[0].input, "r.example");
}

TEST_F(ConfigSourceTest, AHelpersIdentityToken) {
  fake.files.put(path, R"({"credHelpers":{"r.example":"acr"}})");
  helper_says(R"({"Username":"<token>","Secret":"refresh-me"})");
  EXPECT_EQ(found(), "token:refresh-me");
}

TEST_F(ConfigSourceTest, DockerHubIsAskedForUnderDockersKey) {
  fake.files.put(path, R"({"credsStore":"desktop"})");
  helper_says(R"({"Username":"dev","Secret":"s3cret"})");
  EXPECT_EQ(found({"index.docker.io", "library/nginx"}), "dev:s3cret");
  EXPECT_EQ(fake.processes.calls()[0].input, "https://index.docker.io/v1/");
}

TEST_F(ConfigSourceTest, WhereTheHelperHasNothingTheFileIsLookedAt) {
  fake.files.put(path,
                 R"({"credsStore":"desktop","auths":{"r.example":{"auth":"eDp5"},"other.example":{}}})");
  helper_says("credentials not found in native keychain", 1);
  helper_says("credentials not found in native keychain", 1);
  EXPECT_EQ(found(), "x:y");
  EXPECT_EQ(found({"other.example", "app"}), "");
}

TEST_F(ConfigSourceTest, AHelperThatFailsIsTheErrorForItsRegistriesAlone) {
  fake.files.put(path, R"({"credHelpers":{"r.example":"pass"},"auths":{"r.example":{"auth":"eDp5"},
                          "other.example":{"auth":"eDp5"}}})");
  EXPECT_EQ(refused().message, "credential helper docker-credential-pass is not on PATH");
  EXPECT_EQ(refused().code, Code::io);
  EXPECT_EQ(fake.processes.calls().size(), 1u);
  EXPECT_EQ(found({"other.example", "app"}), "x:y");
}

TEST_F(ConfigSourceTest, AHelperWithAnImpossibleName) {
  fake.files.put(path, R"({"credsStore":"../../bin/sh"})");
  EXPECT_EQ(refused().code, Code::malformed);
  EXPECT_TRUE(fake.processes.calls().empty());
}

TEST(DockerConfigPath, DockerConfigThenHome) {
  fakes::MapVariables variables;
  EXPECT_EQ(docker_config_path(variables), "");
  variables.values["HOME"] = "";
  EXPECT_EQ(docker_config_path(variables), "");
  variables.values["HOME"] = "/home/dev";
  EXPECT_EQ(docker_config_path(variables), "/home/dev/.docker/config.json");
  variables.values["DOCKER_CONFIG"] = "";
  EXPECT_EQ(docker_config_path(variables), "/home/dev/.docker/config.json");
  variables.values["DOCKER_CONFIG"] = "/etc/docker-of-mine";
  EXPECT_EQ(docker_config_path(variables), "/etc/docker-of-mine/config.json");
}

}  // namespace
}  // namespace sigstore::credentials
