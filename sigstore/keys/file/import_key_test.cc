#include "sigstore/keys/file/import_key.h"

#include <gtest/gtest.h>

#include <fstream>

#include "sigstore/base/testing/fake_env.h"

namespace sigstore::keys {
namespace {

class ImportedKeys : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;

  void SetUp() override {
    for (const std::string name : {"p256.pkcs8", "p256.encrypted"})
      fake.files.put(name, fixture(name + ".pem"));
  }
  static std::string fixture(const std::string& name) {
    std::ifstream file(SOURCE_ROOT "/sigstore/crypto/testdata/foreign/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Result<crypto::PrivateKey> import(const std::string& path) {
    TRY(const auto key, read_foreign_key(fake.env(), path));
    return unlock_foreign_key(fake.env(), key, path);
  }
};

TEST_F(ImportedKeys, NobodyIsAskedForAPlainOne) {
  const auto key = import("p256.pkcs8");
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->public_key().pem(), fixture("p256.pub"));
  EXPECT_TRUE(fake.prompter.asked().empty());
}

TEST_F(ImportedKeys, TheVariableOfTheNewPasswordDoesNotOpenIt) {
  fake.variables.values["COSIGN_PASSWORD"] = "old word";
  EXPECT_EQ(import("p256.encrypted").error().code, Code::declined);
  EXPECT_EQ(fake.prompter.asked(), std::vector<std::string>{"password: Enter password for p256.encrypted: "});
  fake.variables.values["COSIGN_IMPORT_PASSWORD"] = "old word";
  EXPECT_TRUE(import("p256.encrypted"));
  fake.variables.values["COSIGN_IMPORT_PASSWORD"] = "guess";
  const auto error = import("p256.encrypted").error();
  EXPECT_EQ(error.text(),
            "the password does not open p256.encrypted: it was taken from COSIGN_IMPORT_PASSWORD");
  EXPECT_EQ(error.hint, "correct COSIGN_IMPORT_PASSWORD, or unset it to be asked");
}

TEST_F(ImportedKeys, ALineBreakAtTheEndMayOrMayNotBelongToThePassword) {
  for (const std::string typed : {"old word", "old word\n", "old word\r\n"}) {
    fake.prompter.type(typed);
    EXPECT_TRUE(import("p256.encrypted")) << typed.size();
  }
  fake.prompter.type("old word\n\n");
  EXPECT_EQ(import("p256.encrypted").error().code, Code::wrong_password);
}

TEST_F(ImportedKeys, FilesThatAreNotThere) {
  EXPECT_EQ(import("none").error().message, "key file not found: none");
  EXPECT_EQ(import("https://host/key").error().code, Code::unsupported);
  EXPECT_EQ(import("").error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace sigstore::keys
