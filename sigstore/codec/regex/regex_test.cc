#include "sigstore/codec/regex/regex.h"

#include <gtest/gtest.h>

#include <thread>

#include "sigstore/base/limits.h"

namespace sigstore::codec {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
  const auto regex = Regex::parse(pattern);
  EXPECT_TRUE(regex.has_value()) << pattern;
  return regex.has_value() && regex->matches_part_of(text);
}

Error refusal(std::string_view pattern) {
  const auto regex = Regex::parse(pattern);
  EXPECT_FALSE(regex.has_value()) << pattern;
  return regex.has_value() ? Error() : regex.error();
}

bool anchored(std::string_view pattern) {
  return Regex::parse(pattern).value().anchored();
}

TEST(Regex, MatchesAnywhere) {
  EXPECT_TRUE(matches("foo", "https://example.com/foo/bar"));
  EXPECT_FALSE(matches("^foo", "a foo"));
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("^$", "x"));
}

TEST(Regex, MeansTextAndNotLines) {
  EXPECT_FALSE(matches("^b$", "a\nb\nc"));
  EXPECT_FALSE(matches("b$", "b\n"));
  EXPECT_FALSE(matches("a.b", "a\nb"));
  EXPECT_TRUE(matches("(?s)a.b", "a\nb"));
  EXPECT_TRUE(matches("(?m)^b$", "a\nb\nc"));
}

TEST(Regex, KnowsCaseOnlyWhenAsked) {
  EXPECT_FALSE(matches("GitHub", "github"));
  EXPECT_TRUE(matches("(?i)GitHub", "github"));
  EXPECT_TRUE(matches("(?i)k", "\u212A"));  // KELVIN SIGN
}

TEST(Regex, NamesGroupsBothWays) {
  EXPECT_TRUE(matches("(?<org>[a-z]+)/(?P<repo>[a-z]+)", "sigstore/cosign"));
  EXPECT_TRUE(matches("(a(?<b>b))", "ab"));
  EXPECT_TRUE(matches("^(?<a>a)(?<a>b)$", "ab"));  // Go counts no names
}

TEST(Regex, LeavesAloneWhatOnlyLooksLikeAGroup) {
  EXPECT_TRUE(matches(R"([(?<name>]+$)", "(?<name>"));
  EXPECT_TRUE(matches(R"(^[](?<x>]+$)", "](?<x>"));
  EXPECT_TRUE(matches(R"(^[^](?<x>]$)", "y"));
  EXPECT_TRUE(matches(R"(^[[:alpha:](?<]+$)", "a(?<"));
  EXPECT_TRUE(matches(R"(^\Q(?<x>\E$)", "(?<x>"));
  EXPECT_TRUE(matches(R"(^\Q(?<x>)", "(?<x>"));
  EXPECT_TRUE(matches(R"(^\(?<x>$)", "<x>"));
  EXPECT_TRUE(matches(R"(^[\](?<x>]+$)", "](?<x>"));
}

TEST(Regex, RefusesNamesThatGoRefuses) {
  for (const char* pattern : {"(?<>a)", "(?<a-b>a)", "(?P<ä>a)", "(?<a", "(?P<a", "(?P=a)"}) {
    EXPECT_EQ(refusal(pattern).code, Code::malformed) << pattern;
  }
  EXPECT_EQ(refusal("(?<a-b>a)").cause, R"(not a name of a group: "(?\u003ca-b\u003e")");
}

TEST(Regex, RefusesSingleBytes) {
  EXPECT_EQ(refusal(R"(a\Cb)").cause, R"(a byte is no character: "\\C")");
  EXPECT_EQ(refusal(R"([\C])").code, Code::malformed);
  EXPECT_TRUE(matches(R"(\\C)", "\\C"));
  EXPECT_TRUE(matches(R"(\Q\C\E)", "\\C"));
}

TEST(Regex, NamesTheCauseAndThePlace) {
  const auto error = refusal("https://(example");
  EXPECT_EQ(error.code, Code::malformed);
  EXPECT_EQ(error.message, "not a valid regular expression");
  EXPECT_EQ(error.cause, R"(missing ): "https://(example")");
  EXPECT_EQ(error.hint, "the syntax is RE2's, as Go has it: https://github.com/google/re2/wiki/Syntax");
}

TEST(Regex, RefusesWhatGoRefuses) {
  for (const char* pattern : {"(",
                              ")",
                              "[a",
                              "a**",
                              "*",
                              "+a",
                              "?",
                              "a{2,1}",
                              "a{1001}",
                              "(?=a)",
                              "(?!a)",
                              "(?<=a)",
                              "(?<!a)",
                              R"(\1)",
                              R"(\)",
                              R"(\Z)",
                              R"(\u0041)",
                              "[z-a]",
                              "[[:nope:]]",
                              R"(\pX)",
                              "(?x)a",
                              "\xff",
                              "(((a{100}){100}){100})",
                              "(?i",
                              "(?>a)",
                              R"(\x{110000})"}) {
    EXPECT_EQ(refusal(pattern).code, Code::malformed) << pattern;
  }
}

TEST(Regex, BoundsThePatternAndItsMemory) {
  EXPECT_TRUE(Regex::parse(std::string(limits::regex_bytes, 'a')).has_value());
  EXPECT_EQ(refusal(std::string(limits::regex_bytes + 1, 'a')).code, Code::too_large);
  std::string wide = R"(\pL{1000})";
  for (int i = 0; i < 8; ++i) wide += R"(\pL{1000})";
  const auto error = refusal(wide);
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_EQ(error.cause, "compiled it needs more than 8388608 bytes");
}

TEST(Regex, WritesNothingToTheTerminal) {
  testing::internal::CaptureStderr();
  (void)Regex::parse("(");
  (void)Regex::parse(R"((((\pL{30}){30}){30}))");
  const auto costly = Regex::parse(R"((x+x+)+y[a-z]{0,500}(\pL|\pN){0,300}$)");
  if (costly) (void)costly->matches_part_of(std::string(5000, 'x') + "y" + std::string(5000, 'q'));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Regex, ReadsBytesThatAreNoTextAsGoDoes) {
  EXPECT_TRUE(matches("^a.b$",
                      "a\xff"
                      "b"));
  EXPECT_FALSE(matches("^a.b$",
                       "a\xc3\x28\x80"
                       "b"));
  EXPECT_TRUE(matches("\uFFFD", "\xf0\x9f\x92"));
}

TEST(Regex, SeesAnchors) {
  for (const char* pattern :
       {"^a$", R"(\Aa\z)", "^(a|b)$", "(^a$)", "(?:^a$|^b$)", "^a$|^b$", "(?i)^a$", "(?s)(?i)^a$", "^$",
        "(?P<x>(^a$))", "^[|]$", R"(^\Q|\E$)", R"(^\|$)", "(?i:^a$)", "^(?<a>x)$"}) {
    EXPECT_TRUE(anchored(pattern)) << pattern;
  }
}

TEST(Regex, SeesWhereAnAnchorIsMissing) {
  for (const char* pattern :
       {"",      "a",       "^a",         "a$",         "^a|b$",     "^a$|b",    R"(^a\$)",
        "^a[$]", R"(\^a$)", "[^a]$",      "(?m)^a$",    "(?im:^a$)", "(^a$)|b",  "(^a)|(b$)",
        "^",     "$",       R"(\Q^\Ea$)", R"(^a\Q$\E)", R"(^a\Q$)",  "(^a$)(b)", R"(\\A$)"}) {
    EXPECT_FALSE(anchored(pattern)) << pattern;
  }
}

TEST(Regex, KeepsThePatternAsItWasGiven) {
  const auto regex = Regex::parse("(?<a>x)").value();
  EXPECT_EQ(regex.pattern(), "(?<a>x)");
  EXPECT_EQ(Regex(regex).pattern(), "(?<a>x)");
}

TEST(Regex, TakesLinearTime) {
  const auto regex = Regex::parse("^(a*)*(a|aa)+(a+)+$").value();
  EXPECT_FALSE(regex.matches_part_of(std::string(1 << 16, 'a') + "b"));
}

TEST(Regex, IsSharedBetweenThreads) {
  const auto regex = Regex::parse("^(https://[a-z.]+/)?[a-z]+(@refs/.*)?$").value();
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 500; ++n) {
        const auto word = std::string(static_cast<std::size_t>(n % 50 + 1), static_cast<char>('a' + i));
        if (!regex.matches_part_of(word) || regex.matches_part_of(word + "!"))
          ++wrong[static_cast<std::size_t>(i)];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace sigstore::codec
