#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/policy/cue/internal/complaint.h"

namespace sigstore::policy {

std::unique_ptr<Kind> make_cue();

namespace {

class CueTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(fake_.files.make_directories("/tmp")); }
  Result<std::unique_ptr<Engine>> open() {
    return make_cue()->open(fake_.env(),
                            {{"a.cue", "predicateType: \"x\"\n"}, {"dir/b.cue", "predicate: n: 1\n"}});
  }
  fakes::FakeEnv fake_;
};

TEST_F(CueTest, AllFilesAndTheStatementInOneRunAndNothingIsLeft) {
  fake_.processes.answer(ProcessOutput{0, "", ""});
  fake_.processes.answer(ProcessOutput{0, "", ""});
  const auto engine = open();
  ASSERT_TRUE(engine) << engine.error().text();
  EXPECT_EQ((*engine)->evaluate("{}"), Decision{.allowed = true});
  const auto argv = fake_.processes.calls().at(1).argv;
  ASSERT_EQ(argv.size(), 6u);
  EXPECT_EQ(argv[0] + " " + argv[1] + " " + argv[2], "cue vet -c");
  EXPECT_TRUE(argv[3].ends_with("-policy-0.cue") && argv[4].ends_with("-policy-1.cue"));
  EXPECT_TRUE(argv[5].ends_with("-statement.json"));
  EXPECT_TRUE(fake_.files.paths().empty());
}

TEST_F(CueTest, AViolationIsInItsFile) {
  fake_.processes.answer(ProcessOutput{0, "", ""});
  fake_.processes.answer(
      ProcessOutput{1, "",
                    "predicate.n: conflicting values 1 and 2:\n    ../t/x-statement.json:1:9\n"
                    "    ../t/x-policy-1.cue:3:15\n"});
  const auto decision = (*open())->evaluate("{}");
  ASSERT_TRUE(decision);
  EXPECT_FALSE(decision->allowed);
  EXPECT_EQ(decision->violations.at(0).text(), "dir/b.cue:3: predicate.n: conflicting values 1 and 2");
}

TEST_F(CueTest, ABrokenPolicyAndAMissingProgram) {
  EXPECT_EQ(open().error().code, Code::not_found);
  EXPECT_EQ(open().error().message, "a policy in CUE needs the program cue, which is not installed");
  fake_.processes.answer(
      ProcessOutput{1, "", "expected operand, found newline:\n    /t/x-policy-0.cue:2:1\n"});
  EXPECT_EQ(open().error().code, Code::malformed);
  fake_.processes.answer(ProcessOutput{1, "", ""});
  EXPECT_EQ(open().error().text(), "a.cue: cue refuses it and does not say why");
  fake_.processes.answer(fail(Code::timeout, "the program cue did not end in time"));
  EXPECT_EQ(open().error().message, "cannot evaluate the policy a.cue");
}

}  // namespace
}  // namespace sigstore::policy
