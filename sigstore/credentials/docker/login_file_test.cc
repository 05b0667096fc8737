#include "sigstore/credentials/docker/login_file.h"

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::credentials {
namespace {

const std::string path = "/home/dev/.docker/config.json";

class LoginFileTest : public ::testing::Test {
 protected:
  LoginFileTest() {
    fake.variables.values["HOME"] = "/home/dev";
    fake.files.put("/home/dev/.profile", "");
  }
  Result<StoredLogin> store(const std::string& registry = "r.example") {
    return store_login(fake.env(), registry, "dev", Secret("s3cret"));
  }
  std::string text() { return fake.files.get(path).value_or(fakes::MemoryFiles::Entry{"(none)"}).text; }
  void helper_says(std::string out, int exit_code = 0) {
    fake.processes.answer(ProcessOutput{exit_code, std::move(out), {}});
  }
  fakes::FakeEnv fake;

  const std::string entry =
      "{\n\t\"auths\": {\n\t\t\"r.example\": {\n\t\t\t\"auth\": \"ZGV2OnMzY3JldA==\"\n\t\t}\n\t}\n}";
  const std::string helped = "{\n\t\"credsStore\": \"pass\",\n\t\"auths\": {\n\t\t\"r.example\": {}\n\t}\n}";
};

TEST_F(LoginFileTest, ANewFile) {
  const auto stored = store();
  ASSERT_TRUE(stored) << stored.error().text();
  EXPECT_EQ(stored->path, path);
  EXPECT_EQ(stored->helper, "");
  EXPECT_EQ(text(), entry);
  EXPECT_EQ(fake.files.get(path)->mode, 0600u);
}

TEST_F(LoginFileTest, AFileThatWasReadableByOthersIsNotAnyMore) {
  fake.files.put(path, "{}", 0644);
  ASSERT_TRUE(store());
  EXPECT_EQ(fake.files.get(path)->mode, 0600u);
}

TEST_F(LoginFileTest, DockerHub) {
  ASSERT_TRUE(store("index.docker.io"));
  EXPECT_NE(text().find("\"https://index.docker.io/v1/\""), std::string::npos);
}

TEST_F(LoginFileTest, ALinkIsFollowed) {
  fake.files.put("/home/dev/dotfiles/config.json", "{}");
  fake.files.link(path, "/home/dev/dotfiles/config.json");
  ASSERT_TRUE(store());
  EXPECT_EQ(fake.files.get("/home/dev/dotfiles/config.json")->text, entry);
}

TEST_F(LoginFileTest, NowhereToKeepIt) {
  fake.variables.values.clear();
  const auto stored = store();
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::not_found);
  EXPECT_EQ(stored.error().hint, "set DOCKER_CONFIG to a folder");
  EXPECT_FALSE(remove_login(fake.env(), "r.example"));
}

TEST_F(LoginFileTest, EveryFailureLeavesTheFileAsItWas) {
  const std::string before = R"({ "auths": {"other.example": {"auth": "eDp5"}} , "x": 1 })";
  for (int n = 1;; ++n) {
    fake.files.put(path, before);
    const int operations = fake.files.operations();
    fake.files.fail_at(n, Code::disk_full);
    const auto stored = store();
    if (stored) {
      EXPECT_GE(n, 4) << "read, make the folder, create, write, commit";
      break;
    }
    EXPECT_EQ(text(), before) << n;
    EXPECT_GT(fake.files.operations(), operations);
  }
}

TEST_F(LoginFileTest, AnotherLoginIsWaitedForAndNotUndone) {
  const std::string folder = "/home/dev/.docker";
  ASSERT_TRUE(fake.files.make_directories(folder));
  auto theirs = fake.files.lock(folder);
  ASSERT_TRUE(theirs);
  fake.clock.on_sleep([&](Duration) {
    fake.files.put(path, R"({"auths":{"other.example":{"auth":"eDp5"}}})");
    theirs->reset();
  });
  ASSERT_TRUE(store());
  EXPECT_NE(text().find("other.example"), std::string::npos) << text();
  EXPECT_NE(text().find("r.example"), std::string::npos) << text();
}

TEST_F(LoginFileTest, AnotherLoginThatNeverEndsIsAnError) {
  const std::string folder = "/home/dev/.docker";
  ASSERT_TRUE(fake.files.make_directories(folder));
  const auto theirs = fake.files.lock(folder);
  const auto stored = store();
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::conflict);
  EXPECT_EQ(text(), "(none)");
}

TEST_F(LoginFileTest, ABrokenFileIsNotOverwritten) {
  for (const char* before : {"{\"auths\": ", "[]", "{\"auths\": []}"}) {
    fake.files.put(path, before);
    const auto stored = store();
    ASSERT_FALSE(stored) << before;
    EXPECT_EQ(stored.error().code, Code::malformed) << before;
    EXPECT_EQ(text(), before);
    EXPECT_FALSE(remove_login(fake.env(), "r.example")) << before;
    EXPECT_EQ(text(), before);
  }
}

TEST_F(LoginFileTest, WithAHelperTheFileHoldsNoSecret) {
  fake.files.put(path, R"({"credsStore":"pass","auths":{"r.example":{"auth":"b2xk"}}})");
  helper_says("");
  const auto stored = store();
  ASSERT_TRUE(stored) << stored.error().text();
  EXPECT_EQ(stored->helper, "docker-credential-pass");
  EXPECT_EQ(text(), helped);
  EXPECT_EQ(fake.processes.calls()[0].argv[1], "store");
  EXPECT_NE(fake.processes.calls()[0].input.find("s3cret"), std::string::npos);
}

TEST_F(LoginFileTest, AHelperThatFails) {
  const std::string before = R"({"credHelpers":{"r.example":"pass"}})";
  fake.files.put(path, before);
  helper_says("locked", 1);
  EXPECT_EQ(store().error().code, Code::io);
  EXPECT_EQ(store().error().message, "credential helper docker-credential-pass is not on PATH");
  EXPECT_EQ(text(), before);
}

TEST_F(LoginFileTest, Remove) {
  ASSERT_TRUE(store());
  ASSERT_TRUE(store("other.example"));
  const auto removed = remove_login(fake.env(), "other.example");
  ASSERT_TRUE(removed) << removed.error().text();
  EXPECT_TRUE(removed->found);
  EXPECT_EQ(removed->path, path);
  EXPECT_EQ(text(), entry);
}

TEST_F(LoginFileTest, NothingToRemove) {
  EXPECT_FALSE(remove_login(fake.env(), "r.example")->found);
  EXPECT_EQ(text(), "(none)");
  const std::string before = R"({ "auths": {"other.example": {"auth": "eDp5"}} })";
  fake.files.put(path, before);
  EXPECT_FALSE(remove_login(fake.env(), "r.example")->found);
  EXPECT_EQ(text(), before);
}

TEST_F(LoginFileTest, RemoveFromAHelper) {
  fake.files.put(path, helped);
  helper_says(R"({"Username":"dev","Secret":"s3cret"})");
  helper_says("");
  EXPECT_TRUE(remove_login(fake.env(), "r.example")->found);
  EXPECT_EQ(fake.processes.calls()[1].argv[1], "erase");
  EXPECT_EQ(text(), "{\n\t\"credsStore\": \"pass\",\n\t\"auths\": {}\n}");
}

TEST_F(LoginFileTest, AHelperThatCannotBeAskedKeepsTheEntry) {
  fake.files.put(path, helped);
  EXPECT_FALSE(remove_login(fake.env(), "r.example"));
  EXPECT_EQ(text(), helped);
}

}  // namespace
}  // namespace sigstore::credentials
