#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/system/system_env.h"
#include "sigstore/policy/engine.h"
#include "sigstore/policy/rego/internal/answer.h"

namespace sigstore::policy {

std::unique_ptr<Kind> make_rego();

namespace {

constexpr std::string_view statement =
    R"({"predicateType":"https://x","predicate":{"n":12345678901234567890,"level":3,"words":["a","b"],)"
    R"("big":1234567890123456789012345,"hundred":1E+2,"when":"2026-01-02T03:04:05Z"}})";

class RegoTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto opened = open({"package signature"});
    if (!opened && opened.error().code == Code::unsupported) GTEST_SKIP() << "built with COSIGN_REGO=OFF";
  }
  static Result<std::unique_ptr<Engine>> open(const std::vector<std::string>& texts) {
    static system::SystemEnv real;
    std::vector<Source> sources;
    for (const auto& text : texts) sources.push_back({"p" + std::to_string(sources.size()) + ".rego", text});
    return make_rego()->open(real.env(), std::move(sources));
  }
  static Result<Decision> judge(const std::vector<std::string>& texts, std::string_view input = statement) {
    TRY(const auto engine, open(texts));
    return engine->evaluate(input);
  }
  // "allowed", the violation, or the error.
  static std::string verdict(const std::string& text, std::string_view input = statement) {
    const auto decision = judge({text}, input);
    if (!decision) return decision.error().text();
    if (decision->allowed) return decision->violations.empty() ? "allowed" : "allowed, but with violations";
    return decision->violations.size() == 1 ? decision->violations[0].text() : "no single violation";
  }
  static std::string rule(const std::string& body) {
    return verdict("package signature\n\nallow { " + body + " }\n");
  }
  static constexpr auto undefined = "p0.rego:3: result is undefined for query 'data.signature.allow'";
};

TEST_F(RegoTest, ThePolicyMustBeExactlyTrue) {
  EXPECT_EQ(rule("input.predicateType == \"https://x\""), "allowed");
  EXPECT_EQ(rule("input.predicateType == \"https://y\""), undefined);
  EXPECT_EQ(verdict("package signature\n\nallow = 1\n"), "p0.rego:3: expression value, 1, is not true");
  EXPECT_EQ(verdict("package signature\n\nallow = \"true\"\n"),
            "p0.rego:3: expression value, \"true\", is not true");
  EXPECT_EQ(verdict("package signature\n\ndefault allow = false\n\nallow { input.nothing }\n"),
            "p0.rego:5: expression value, false, is not true");
  EXPECT_EQ(verdict("package signature\n\nallow[x] { x := input.predicate.words[_] }\n"),
            "p0.rego:3: expression value, [\"a\",\"b\"], is not true");
}

TEST_F(RegoTest, AnotherPackageSaysNothing) {
  EXPECT_EQ(verdict("package other\n\nallow = true\n"),
            "p0.rego: result is undefined for query 'data.signature.allow'");
  EXPECT_EQ(verdict("package signature\n\nallowed = true\n"),
            "p0.rego:1: result is undefined for query 'data.signature.allow'");
}

TEST_F(RegoTest, OldAndNewSyntax) {
  EXPECT_EQ(verdict("package signature\nimport rego.v1\nallow if input.predicate.level >= 3\n"), "allowed");
  EXPECT_EQ(verdict("package signature\nimport future.keywords\nallow if \"a\" in input.predicate.words\n"),
            "allowed");
}

TEST_F(RegoTest, NumbersAreExact) {
  EXPECT_EQ(rule("input.predicate.n == 12345678901234567890"), "allowed");
  EXPECT_EQ(rule("input.predicate.n == 12345678901234567000"), undefined);
  EXPECT_EQ(rule("input.predicate.big == 1234567890123456789012345"), "allowed");
  EXPECT_EQ(rule("input.predicate.big == 1234567890123456789012346"), undefined);
  EXPECT_EQ(rule("input.predicate.hundred == 100"), "allowed");
}

TEST_F(RegoTest, WhatPoliciesForAttestationsCall) {
  EXPECT_EQ(rule("regex.match(\"^https://[a-z]$\", input.predicateType)"), "allowed");
  EXPECT_EQ(rule("glob.match(\"https://*\", [], input.predicateType)"), "allowed");
  EXPECT_EQ(rule("json.unmarshal(base64.decode(\"eyJhIjoxfQ==\")).a == 1"), "allowed");
  EXPECT_EQ(rule("semver.compare(\"1.2.3\", \"1.10.0\") == -1"), "allowed");
  EXPECT_EQ(rule("time.parse_rfc3339_ns(input.predicate.when) < time.now_ns()"), "allowed");
  EXPECT_EQ(rule("to_number(\"x\") == 1"), undefined);  // a call that fails is undefined, not broken
}

TEST_F(RegoTest, FilesAreLoadedTogether) {
  EXPECT_EQ(judge({"package signature\nimport data.lib\nallow { lib.ok }\n",
                   "package lib\nok { input.predicate.level > 2 }\n"}),
            Decision{.allowed = true});
  const auto decision =
      judge({"package lib\nok = true\n", "package signature\n\nallow { not data.lib.ok }\n"});
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->violations.at(0).text(),
            "p1.rego:3: result is undefined for query 'data.signature.allow'");
}

TEST_F(RegoTest, ABrokenPolicyNamesFileAndLine) {
  const auto syntax = open({"package signature\nallow = true\n", "package lib\n\nx { input.a == \n}\n"});
  ASSERT_FALSE(syntax);
  EXPECT_EQ(syntax.error().code, Code::malformed);
  EXPECT_TRUE(syntax.error().message.starts_with("p1.rego:")) << syntax.error().message;
  EXPECT_TRUE(verdict("package signature\nallow { x > 1 }\n").starts_with("p0.rego:2: "))
      << verdict("package signature\nallow { x > 1 }\n");
  EXPECT_TRUE(rule("no_such_function(1)").starts_with("p0.rego:3: "));
  EXPECT_TRUE(
      rule("http.send({\"url\": \"http://127.0.0.1\", \"method\": \"get\"})").starts_with("p0.rego:3: "));
  EXPECT_TRUE(verdict("").starts_with("p0.rego")) << verdict("");
  EXPECT_TRUE(verdict("package signature\nallow { true } # \xff\n").starts_with("p0.rego"));
  EXPECT_TRUE(verdict("package signature\nx = 1\nx = 2\nallow { x == 1 }\n").starts_with("p0.rego:3: "));
}

TEST_F(RegoTest, AStatementThatIsNone) {
  const std::string policy = "package signature\nallow = true\n";
  const auto* refused = "the statement cannot be given to a Rego policy";
  EXPECT_EQ(judge({policy}, "{").error().message, refused);
  EXPECT_EQ(judge({policy}, "").error().message, refused);
}

// The interpreter's JSON reader takes an object with a certain key for a number.
TEST_F(RegoTest, AnObjectIsNeverTakenForANumber) {
  const std::string policy = "package signature\nallow { input.level > 4 }\n";
  EXPECT_EQ(judge({policy}, R"({"level":5})"), Decision{.allowed = true});
  for (const auto* key : {"$serde_json::private::Number", "\\u0024serde_json::private::Number",
                          "$serde\\u005fjson::private::Number"})
    EXPECT_EQ(judge({policy}, "{\"level\":{\"" + std::string(key) + "\":\"5\"}}").error().message,
              "the statement cannot be given to a Rego policy")
        << key;
}

TEST_F(RegoTest, MemoryIsBounded) {
  const auto doubling =
      rule("x := [y | numbers.range(1, 100000)[_]; y := numbers.range(1, 100000)]; count(x) > 0");
  const bool by_time = doubling.contains("it did not end in time");  // on a machine that is busy
  EXPECT_TRUE(by_time || doubling.contains("it needs too much memory")) << doubling;
  const auto range = rule("count(numbers.range(1, 1000000000)) > 0");
  EXPECT_NE(range.find("it needs too much memory"), std::string::npos) << range;
}

TEST_F(RegoTest, TimeIsBounded) {
  const auto start = std::chrono::steady_clock::now();
  const auto loop =
      judge({"package signature\nallow { r := numbers.range(1, 3000); count([1 | x := r[_]; y := r[_]; "
             "z := r[_]; x + y + z == 0]) > 0 }\n"});
  EXPECT_EQ(loop.error().code, Code::timeout);
  EXPECT_EQ(loop.error().message, "cannot evaluate the policy p0.rego");
  EXPECT_LT(std::chrono::steady_clock::now() - start, limits::policy_time + std::chrono::seconds(3));
}

TEST_F(RegoTest, DepthIsBounded) {
  std::string nested = "package signature\nallow { ";
  for (int i = 0; i < 20000; ++i) nested += '[';
  EXPECT_FALSE(judge({nested}));
  EXPECT_FALSE(judge({"package signature\nf(x) = y { y := f(x + 1) }\nallow { f(1) }\n"}));
  EXPECT_FALSE(judge({"package signature\nallow { allow }\n"}));
}

TEST_F(RegoTest, PrintingGoesNowhere) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(rule("print(\"to nobody\")"), "allowed");
  EXPECT_EQ(testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr(), "");
}

TEST(Answer, IsReadStrictly) {
  const rego::Answer answer{1, 7, "0", "[1]"};
  EXPECT_EQ(rego::read_answer(rego::write_answer(answer)), answer);
  EXPECT_EQ(rego::read_answer(rego::write_answer({1, 7, "0", "a\nb\x1b"}))->message, "a");
  for (const auto* text :
       {"", "1\n", "1\n2\n3\n4", "9\n0\n\n\n", "-1\n0\n\n\n", "1\nx\n\n\n", "1\n0\n\n\nmore"})
    EXPECT_FALSE(rego::read_answer(text)) << text;
}

}  // namespace
}  // namespace sigstore::policy
