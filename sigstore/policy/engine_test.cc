#include "sigstore/policy/engine.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/fake_env.h"

namespace sigstore::policy {
namespace {

// Allows a statement that each of its files names; a file that is "broken" is.
class WordEngine final : public Engine {
 public:
  explicit WordEngine(std::vector<Source> sources) : sources_(std::move(sources)) {
    for (const auto& source : sources_) files_.push_back(source.path);
  }
  [[nodiscard]] std::string_view name() const override { return "Word"; }
  [[nodiscard]] const std::vector<std::string>& files() const override { return files_; }
  [[nodiscard]] Result<Decision> evaluate(std::string_view statement) const override {
    Decision decision{.allowed = true};
    for (const auto& source : sources_) {
      if (source.text == "broken") return fail(Code::malformed, source.path + ":1: broken");
      if (source.text == statement) continue;
      decision.allowed = false;
      decision.violations.push_back({source.path, 1, "not " + source.text});
    }
    return decision;
  }

 private:
  std::vector<Source> sources_;
  std::vector<std::string> files_;
};

class WordKind final : public Kind {
 public:
  explicit WordKind(std::string suffix) : suffix_(std::move(suffix)) {}
  [[nodiscard]] std::string_view suffix() const override { return suffix_; }
  [[nodiscard]] Result<std::unique_ptr<Engine>> open(const Env&, std::vector<Source> sources) const override {
    return std::make_unique<WordEngine>(std::move(sources));
  }

 private:
  std::string suffix_;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() {
    kinds_.push_back(std::make_unique<WordKind>(".cue"));
    kinds_.push_back(std::make_unique<WordKind>(".rego"));
    fake_.files.put("a.rego", "yes");
    fake_.files.put("b.rego", "no");
    fake_.files.put("c.cue", "yes");
    fake_.files.put("d.cue", "broken");
  }
  Result<Engines> open(const std::vector<std::string>& paths) {
    return policy::open(fake_.env(), paths, kinds_);
  }

  fakes::FakeEnv fake_;
  std::vector<std::unique_ptr<Kind>> kinds_;
};

TEST_F(EngineTest, FilesOfAKindShareAnEngine) {
  const auto engines = open({"a.rego", "c.cue", "b.rego"});
  ASSERT_TRUE(engines);
  ASSERT_EQ(engines->size(), 2u);
  EXPECT_EQ((*engines)[0]->files(), std::vector<std::string>{"c.cue"});
  EXPECT_EQ((*engines)[1]->files(), (std::vector<std::string>{"a.rego", "b.rego"}));
}

TEST_F(EngineTest, EveryEngineMustAllow) {
  const auto decision = evaluate(*open({"a.rego", "c.cue", "b.rego"}), "no");
  ASSERT_TRUE(decision);
  EXPECT_FALSE(decision->allowed);
  EXPECT_EQ(decision->violations,
            (std::vector<Violation>{{"c.cue", 1, "not yes"}, {"a.rego", 1, "not yes"}}));
  EXPECT_EQ(evaluate(*open({"a.rego", "c.cue"}), "yes"), Decision{.allowed = true});
  EXPECT_EQ(evaluate(*open({}), "anything"), Decision{.allowed = true});
}

TEST_F(EngineTest, ABrokenPolicyIsNoVerdict) {
  EXPECT_EQ(evaluate(*open({"a.rego", "d.cue"}), "yes").error().message, "d.cue:1: broken");
}

TEST_F(EngineTest, OtherFilesAreRefusedBeforeAnyIsRead) {
  const auto refused = open({"no.rego", "policy.yaml"});
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
  EXPECT_EQ(refused.error().text(), "invalid policy format, expected .cue or .rego: policy.yaml");
  EXPECT_EQ(fake_.files.operations(), 0);
  EXPECT_EQ(open({"x.REGO"}).error().code, Code::invalid_argument);
}

TEST_F(EngineTest, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(open({"no.rego"}).error().text(), "policy not found: no.rego");
  fake_.files.put("large.rego", std::string(limits::policy_bytes + 1, ' '));
  EXPECT_EQ(open({"large.rego"}).error().code, Code::too_large);
  EXPECT_EQ(open({"large.rego"}).error().message, "cannot read the policy large.rego");
  EXPECT_EQ(open(std::vector<std::string>(limits::policy_files + 1, "a.rego")).error().code, Code::too_large);
}

TEST(Violation, SaysWhere) {
  EXPECT_EQ((Violation{"a.rego", 3, "no"}.text()), "a.rego:3: no");
  EXPECT_EQ((Violation{"a.rego", 0, "no"}.text()), "a.rego: no");
  EXPECT_EQ((Violation{"", 0, "no"}.text()), "no");
}

}  // namespace
}  // namespace sigstore::policy
