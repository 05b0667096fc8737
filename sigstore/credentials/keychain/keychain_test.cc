#include "sigstore/credentials/keychain/keychain.h"

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::credentials {
namespace {

const oci::Repository app{"r.example", "team/app"};

class KeychainTest : public ::testing::Test {
 protected:
  // Where the first credential comes from, "" for none, "error: …".
  std::string first(Flags flags = {}, const oci::Repository& repository = app) {
    for (const auto& source : make_keychain(fake.env(), std::move(flags))) {
      const auto credential = source->find(repository);
      if (!credential) return "error: " + credential.error().message;
      if (*credential) return (*credential)->source;
    }
    return "";
  }
  void log_in(const std::string& path, const std::string& registry = "r.example") {
    fake.files.put(path, R"({"auths":{")" + registry + R"(":{"auth":"eDp5"}}})");
  }
  // Each a file of its own, with an entry.
  void all_files() {
    fake.variables.values = {
        {"HOME", "/home/dev"}, {"XDG_RUNTIME_DIR", "/run/user/7"}, {"REGISTRY_AUTH_FILE", "/named.json"}};
    for (const char* path : {"/named.json", docker, "/run/user/7/containers/auth.json",
                             "/home/dev/.config/containers/auth.json"})
      log_in(path);
  }
  static constexpr const char* docker = "/home/dev/.docker/config.json";
  fakes::FakeEnv fake;
};

TEST_F(KeychainTest, NoVariableIsNoError) {
  EXPECT_EQ(first(), "");
  EXPECT_TRUE(logged_in_registries(fake.env()).empty());
  EXPECT_EQ(fake.files.operations(), 0);
}

TEST_F(KeychainTest, TheOrder) {
  all_files();
  EXPECT_EQ(first({"dev", Secret("s3cret"), Secret("token")}), "the command line");
  for (const char* path : {"/named.json", docker, "/run/user/7/containers/auth.json",
                           "/home/dev/.config/containers/auth.json"}) {
    EXPECT_EQ(first(), path);
    ASSERT_TRUE(fake.files.remove(path));
  }
  EXPECT_EQ(first(), "");
}

TEST_F(KeychainTest, AnEntryThatOneFileLacksIsLookedForInTheNext) {
  all_files();
  fake.files.put("/named.json", "{}");
  log_in(docker, "other.example");
  EXPECT_EQ(first(), "/run/user/7/containers/auth.json");
  EXPECT_EQ(first({}, {"other.example", "x"}), docker);
}

TEST_F(KeychainTest, ABrokenFileIsNotPassedOver) {
  all_files();
  fake.files.put(docker, "{");
  EXPECT_EQ(first(), "/named.json");
  fake.files.put("/named.json", "{}");
  EXPECT_EQ(first(), "error: " + std::string(docker) + " is not valid JSON");
}

TEST_F(KeychainTest, DockerConfigReplacesHome) {
  all_files();
  fake.variables.values["DOCKER_CONFIG"] = "/d";
  fake.variables.values.erase("REGISTRY_AUTH_FILE");
  log_in("/d/config.json");
  EXPECT_EQ(first(), "/d/config.json");
}

TEST_F(KeychainTest, XdgConfigHomeReplacesDotConfig) {
  all_files();
  fake.variables.values = {{"HOME", "/home/dev"}, {"XDG_CONFIG_HOME", "/c"}};
  ASSERT_TRUE(fake.files.remove(docker));
  EXPECT_EQ(first(), "");
  log_in("/c/containers/auth.json");
  EXPECT_EQ(first(), "/c/containers/auth.json");
}

TEST_F(KeychainTest, PodmansNamespaces) {
  fake.variables.values["XDG_RUNTIME_DIR"] = "/run/user/7";
  log_in("/run/user/7/containers/auth.json", "r.example/team");
  EXPECT_EQ(first(), "/run/user/7/containers/auth.json");
  EXPECT_EQ(first({}, {"r.example", "another"}), "");
}

TEST_F(KeychainTest, TheRegistriesThatSomebodyIsLoggedInTo) {
  all_files();
  fake.files.put("/named.json", "{");
  fake.files.put(docker,
                 R"({"auths":{"https://index.docker.io/v1/":{"auth":"eDp5"},"b.example":{"auth":"eDp5"}}})");
  log_in("/home/dev/.config/containers/auth.json", "b.example");
  EXPECT_EQ(logged_in_registries(fake.env()), (std::vector<std::string>{"b.example", "r.example"}));
  EXPECT_TRUE(fake.processes.calls().empty());
}

}  // namespace
}  // namespace sigstore::credentials
