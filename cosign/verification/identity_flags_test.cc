#include "cosign/verification/identity_flags.h"

#include <gtest/gtest.h>

#include "cosign/verification/internal/flags_of.h"

namespace cosign {
namespace {

using sigstore::Code;
std::string refusal(const Words& words) {
  const auto rule = flags_of<IdentityFlags>(words).rule();
  return rule ? "none" : rule.error().message;
}

const std::pair<std::string, std::string> who{"certificate-identity", "a@example.com"},
    issuer{"certificate-oidc-issuer", "https://issuer.example"};

TEST(IdentityFlags, BothSignerAndIssuerAreNeeded) {
  EXPECT_EQ(refusal({who, issuer}), "none");
  EXPECT_EQ(refusal({issuer}),
            "--certificate-identity or --certificate-identity-regexp is required to verify without --key");
  EXPECT_EQ(
      refusal({who}),
      "--certificate-oidc-issuer or --certificate-oidc-issuer-regexp is required to verify without --key");
  EXPECT_EQ(refusal({{"certificate-identity", ""}, issuer}), refusal({issuer}));
  EXPECT_EQ(refusal({who, {"certificate-oidc-issuer", ""}}), refusal({who}));
  EXPECT_EQ(refusal({{"certificate-github-workflow-ref", "refs/heads/main"}, issuer}), refusal({issuer}));
}

TEST(IdentityFlags, TheSignerIsNamedOnce) {
  for (const char* other : {"certificate-identity-regexp", "certificate-email"})
    EXPECT_EQ(refusal({who, {other, "b"}, issuer}), "who must have signed is named twice") << other;
  EXPECT_EQ(refusal({{"certificate-identity-regexp", "b"}, {"certificate-email", "b"}, issuer}),
            "who must have signed is named twice");
}

TEST(IdentityFlags, TheRuleIsWhatTheyCallFor) {
  const auto rule = *flags_of<IdentityFlags>({{"certificate-identity-regexp", "^a"},
                                              issuer,
                                              {"certificate-oidc-issuer-regexp", "example$"},
                                              {"certificate-github-workflow-trigger", "push"},
                                              {"certificate-github-workflow-sha", "abc"},
                                              {"certificate-github-workflow-name", "release"},
                                              {"certificate-github-workflow-repository", "o/r"},
                                              {"certificate-github-workflow-ref", "refs/heads/main"}})
                         .rule();
  EXPECT_EQ(rule.subject.exact, std::nullopt);
  EXPECT_EQ(rule.subject.expression->pattern(), "^a");
  EXPECT_EQ(rule.issuer.exact, "https://issuer.example");
  EXPECT_EQ(rule.issuer.expression->pattern(), "example$");
  EXPECT_EQ(rule.extensions, (std::map<std::string, std::string>{{"githubWorkflowTrigger", "push"},
                                                                 {"githubWorkflowSha", "abc"},
                                                                 {"githubWorkflowName", "release"},
                                                                 {"githubWorkflowRepository", "o/r"},
                                                                 {"githubWorkflowRef", "refs/heads/main"}}));
  EXPECT_EQ(flags_of<IdentityFlags>({{"certificate-email", "a@b"}, issuer}).rule()->subject.exact, "a@b");
}

TEST(IdentityFlags, WhatIsNoExpressionIsRefused) {
  const auto rule = flags_of<IdentityFlags>({{"certificate-identity-regexp", "a("}, issuer}).rule();
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().code, Code::malformed);
  EXPECT_EQ(rule.error().message,
            "--certificate-identity-regexp is not a regular expression that can be used");
}

TEST(IdentityFlags, AnExpressionThatTakesMoreIsWarnedOf) {
  const auto warned = [](const std::string& subject, const std::string& by) {
    return warnings(*flags_of<IdentityFlags>(
                         {{"certificate-identity-regexp", subject}, {"certificate-oidc-issuer-regexp", by}})
                         .rule());
  };
  EXPECT_EQ(warned("^https://github.com/o/r/.*$", "^https://i.example$"), std::vector<std::string>{});
  EXPECT_EQ(
      warned("github.com/o", "^a$"),
      std::vector<std::string>{"WARNING: --certificate-identity-regexp matches anywhere in a text, so it "
                               "takes more than it says: begin it with ^, and end it with $, or .*$ where "
                               "anything may follow"});
  const auto line = [&](const std::string& subject) { return warned(subject, "^a$").at(0); };
  const std::string flag = "WARNING: --certificate-identity-regexp ";
  EXPECT_EQ(line("^https://github\\.com/o"),
            flag + "takes whatever begins like that: end it with $, or .*$ where anything may follow");
  EXPECT_EQ(line("@example\\.com$"), flag + "takes whatever ends like that: begin it with ^");
  EXPECT_EQ(line("^a|b"), flag +
                              "matches anywhere in a text, so it takes more than it says: ^(^a|b)$ takes "
                              "whole texts only");
  // Who follows it, is warned no more.
  for (const char* better : {"^https://github\\.com/o.*$", "^.*@example\\.com$", "^(^a|b)$"})
    EXPECT_EQ(warned(better, "^a$"), std::vector<std::string>{}) << better;
  EXPECT_EQ(warned("^a", "b$").size(), 2u);
  EXPECT_EQ(warnings(*flags_of<IdentityFlags>({who, issuer}).rule()), std::vector<std::string>{});
}

TEST(IdentityFlags, GivenIsAnyOfThemWithAValue) {
  EXPECT_FALSE(flags_of<IdentityFlags>({}).given());
  EXPECT_FALSE(flags_of<IdentityFlags>({{"certificate-identity", ""}}).given());
  for (const char* name :
       {"certificate-identity", "certificate-identity-regexp", "certificate-email", "certificate-oidc-issuer",
        "certificate-oidc-issuer-regexp", "certificate-github-workflow-trigger",
        "certificate-github-workflow-sha", "certificate-github-workflow-name",
        "certificate-github-workflow-repository", "certificate-github-workflow-ref"})
    EXPECT_TRUE(flags_of<IdentityFlags>({{name, "x"}}).given()) << name;
}

}  // namespace
}  // namespace cosign
