#include "sigstore/credentials/helper/helper.h"

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"

namespace sigstore::credentials {
namespace {

class HelperTest : public ::testing::Test {
 protected:
  Helper helper = Helper::named("pass", "config.json").value();
  fakes::ScriptedProcesses processes;

  void says(std::string out, int exit_code = 0, std::string err = {}) {
    processes.answer(ProcessOutput{exit_code, std::move(out), std::move(err)});
  }
  Result<std::optional<HelperCredential>> get() { return helper.get(processes, "r.example"); }
  Error get_error() {
    const auto credential = get();
    EXPECT_FALSE(credential);
    return credential ? Error{} : credential.error();
  }
};

TEST_F(HelperTest, Get) {
  says(R"({"ServerURL":"r.example","Username":"dev","Secret":"s3cret"})");
  const auto credential = get();
  ASSERT_TRUE(credential && *credential);
  EXPECT_EQ((*credential)->username, "dev");
  EXPECT_EQ((*credential)->secret.reveal(), "s3cret");
  EXPECT_FALSE((*credential)->identity_token);
  ASSERT_EQ(processes.calls().size(), 1u);
  EXPECT_EQ(processes.calls()[0].argv, (std::vector<std::string>{"docker-credential-pass", "get"}));
  EXPECT_EQ(processes.calls()[0].input, "r.example");
}

TEST_F(HelperTest, AnIdentityToken) {
  says(R"({"Username":"<token>","Secret":"refresh-me"})");
  const auto credential = get();
  ASSERT_TRUE(credential && *credential);
  EXPECT_TRUE((*credential)->identity_token);
  EXPECT_EQ((*credential)->username, "");
  EXPECT_EQ((*credential)->secret.reveal(), "refresh-me");
}

TEST_F(HelperTest, NothingThere) {
  says("credentials not found in native keychain\n", 1);
  says("", 1, "credentials not found in native keychain");
  says(R"({"Username":"dev","Secret":""})");
  for (int i = 0; i < 3; ++i) {
    const auto credential = get();
    ASSERT_TRUE(credential) << i << credential.error().text();
    EXPECT_FALSE(*credential) << i;
  }
}

TEST_F(HelperTest, NoSuchProgram) {
  const Error error = get_error();  // an empty script is no program
  EXPECT_EQ(error.code, Code::io);  // not_found would be about the image
  EXPECT_EQ(error.message, "credential helper docker-credential-pass is not on PATH");
  EXPECT_EQ(error.cause, "config.json asks for it");
  EXPECT_EQ(error.hint,
            "install docker-credential-pass, or remove credsStore or credHelpers from config.json");
}

TEST_F(HelperTest, ItFails) {
  says("  the key ring is locked\nmore\n", 1, "gpg: words");
  Error error = get_error();
  EXPECT_EQ(error.code, Code::io);
  EXPECT_EQ(error.message, "credential helper docker-credential-pass failed");
  EXPECT_EQ(error.cause, "the key ring is locked (config.json asks for it)");
  EXPECT_EQ(error.hint, "see what it says to: echo r.example | docker-credential-pass get");
  says("", 2, "gpg: words\x1b[31m");
  EXPECT_EQ(get_error().cause, "gpg: words[31m (config.json asks for it)");
  says("", 3);
  EXPECT_EQ(get_error().cause, "exit code 3 (config.json asks for it)");
  says(std::string(5000, 'x'), 1);
  EXPECT_LT(get_error().cause.size(), 300u);
}

TEST_F(HelperTest, AnswersThatAreNone) {
  for (const char* out :
       {"", "s3cret", "{", "[]", "7", "{}", R"({"Username":"dev"})", R"({"Secret":"s3cret"})",
        R"({"Username":7,"Secret":"s3cret"})", R"({"Username":"dev","Secret":["s3cret"]})",
        R"({"Username":"dev","Secret":"s3cret"}s3cret)", "{\"Username\":\"\xff\",\"Secret\":\"s3cret\"}"}) {
    says(out);
    const Error error = get_error();
    EXPECT_EQ(error.code, Code::malformed) << out;
    EXPECT_EQ(error.message, "credential helper docker-credential-pass gave no usable answer") << out;
    EXPECT_EQ(error.text().find("s3cret"), std::string::npos) << out;
  }
}

TEST_F(HelperTest, TooMuchAndTooSlow) {
  processes.answer(fail(Code::too_large, "it wrote too much"));
  processes.answer(fail(Code::timeout, "it took too long"));
  EXPECT_EQ(get_error().code, Code::too_large);
  const Error error = get_error();
  EXPECT_EQ(error.code, Code::timeout);
  EXPECT_EQ(error.message, "credential helper docker-credential-pass (from config.json) could not be asked");
  EXPECT_EQ(error.cause, "it took too long");
}

TEST_F(HelperTest, Store) {
  says("");
  EXPECT_TRUE(helper.store(processes, "r.example", "de\"v", Secret("s3\ncret")));
  EXPECT_EQ(processes.calls()[0].argv[1], "store");
  EXPECT_EQ(processes.calls()[0].input,
            R"({"ServerURL":"r.example","Username":"de\"v","Secret":"s3\ncret"})");
  says("read only", 1);
  const auto stored = helper.store(processes, "r.example", "dev", Secret("s3cret"));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::io);
  EXPECT_EQ(stored.error().text().find("s3cret"), std::string::npos);
}

TEST_F(HelperTest, Erase) {
  says(R"({"Username":"dev","Secret":"s3cret"})");
  says("");
  EXPECT_EQ(helper.erase(processes, "r.example"), true);
  EXPECT_EQ(processes.calls()[1].argv[1], "erase");
  EXPECT_EQ(processes.calls()[1].input, "r.example");
  says("credentials not found in native keychain", 1);
  EXPECT_EQ(helper.erase(processes, "r.example"), false);
  says(R"({"Username":"dev","Secret":"s3cret"})");
  says("locked", 1);
  EXPECT_EQ(helper.erase(processes, "r.example").error().code, Code::io);
}

TEST(HelperName, OnlyNames) {
  for (const char* name : {"pass", "ecr-login", "a.b_C9"}) EXPECT_TRUE(Helper::named(name, "c")) << name;
  for (const char* name : {"", "../x", "a/b", "a b", "a;b", "a\n", "$x", "\xc3\xa4"}) {
    const auto helper = Helper::named(name, "config.json");
    ASSERT_FALSE(helper) << name;
    EXPECT_EQ(helper.error().code, Code::malformed) << name;
    EXPECT_NE(helper.error().message.find("config.json"), std::string::npos) << name;
  }
  EXPECT_EQ(Helper::named("ecr-login", "c")->program(), "docker-credential-ecr-login");
}

}  // namespace
}  // namespace sigstore::credentials
