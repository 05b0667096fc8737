#include "cosign/commands/dockerfile-verify/expand.h"

#include <gtest/gtest.h>

#include <map>

#include "sigstore/base/limits.h"

namespace cosign {
namespace {

using sigstore::Code;

class Fixed final : public Scope {
 public:
  [[nodiscard]] sigstore::Result<std::optional<std::string>> find(const std::string& name) const override {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] sigstore::Error missing(const std::string& name) const override {
    return {Code::not_found, name + " is missing", {}, {}};
  }
  std::map<std::string, std::string> values = {
      {"A", "aa"}, {"EMPTY", ""}, {"PATH", "one/two/three.tar.gz"}, {"A1", "digit"}, {"STARS", "*b*c?"}};
};

std::string of(std::string_view word, char escape = '\\') {
  Work work;
  const auto text = expand(word, escape, Fixed(), work);
  return text ? *text : "error: " + text.error().message;
}

TEST(Expand, PlainForms) {
  EXPECT_EQ(of("x$A/y"), "xaa/y");
  EXPECT_EQ(of("${A}b$A1-"), "aabdigit-");
  EXPECT_EQ(of("$A$A${A}"), "aaaaaa");
  EXPECT_EQ(of("cost: $"), "cost: $");
  EXPECT_EQ(of("$EMPTY"), "");
  EXPECT_EQ(of("a$$b"), "error: $ is missing");
  EXPECT_EQ(of("$NONE"), "error: NONE is missing");
  EXPECT_EQ(of("${NONE}"), "error: NONE is missing");
}

TEST(Expand, QuotesAndEscapes) {
  EXPECT_EQ(of("'$A'\"$A\"$A"), "$Aaaaa");
  EXPECT_EQ(of("\\$A \"\\$A \\\" \\x\""), "$A $A \" \\x");
  EXPECT_EQ(of("`$A \\$A", '`'), "$A \\aa");
  EXPECT_EQ(of("a\\"), "a");
  EXPECT_EQ(of("'a"), "error: a ' is not closed");
  EXPECT_EQ(of("\"a"), "error: a \" is not closed");
}

TEST(Expand, ByPresence) {
  EXPECT_EQ(of("${A:-x}|${NONE:-x}|${EMPTY:-x}"), "aa|x|x");
  EXPECT_EQ(of("${A-x}|${NONE-x}|${EMPTY-x}"), "aa|x|");
  EXPECT_EQ(of("${A:+x}|${NONE:+x}|${EMPTY:+x}"), "x||");
  EXPECT_EQ(of("${A+x}|${NONE+x}|${EMPTY+x}"), "x||x");
  EXPECT_EQ(of("${A:?why}|${EMPTY?why}"), "aa|");
  EXPECT_EQ(of("${NONE:?say why}"), "error: NONE: say why");
  EXPECT_EQ(of("${EMPTY:?}"), "error: EMPTY: it has no value");
  EXPECT_EQ(of("${NONE:-${ALSO:-$A}}"), "aa");
  EXPECT_EQ(of("${A:-$NONE}"), "aa");  // what is not needed is not asked for
  EXPECT_EQ(of("${NONE:-'}'\"}\"}"), "}}");
  EXPECT_EQ(of("\"${NONE:-a b}\""), "a b");
}

TEST(Expand, CutsAndReplaces) {
  EXPECT_EQ(of("${PATH#*/}|${PATH##*/}"), "two/three.tar.gz|three.tar.gz");
  EXPECT_EQ(of("${PATH%.*}|${PATH%%.*}"), "one/two/three.tar|one/two/three");
  EXPECT_EQ(of("${PATH#nothing}|${PATH%nothing}"), "one/two/three.tar.gz|one/two/three.tar.gz");
  EXPECT_EQ(of("${PATH/\\//:}|${PATH//\\//:}"), "one:two/three.tar.gz|one:two:three.tar.gz");
  EXPECT_EQ(of("${PATH/t?"
               "?/2}|${PATH//t*/}"),
            "one/2/three.tar.gz|one/");
  EXPECT_EQ(of("${A/a/$A1}"), "digita");
  EXPECT_EQ(of("${A//a/}"), "");
  EXPECT_EQ(of("${STARS#\\*}|${STARS##*\\*}|${STARS/\\?/}"), "b*c?|c?|*b*c");  // escapes hide
  EXPECT_EQ(of("${PATH/'/'/:}"), "one:two/three.tar.gz");
  EXPECT_EQ(of("${A/a/\\/}"), "\\/a");  // Docker keeps it there
  EXPECT_EQ(of("${NONE#x}"), "error: NONE is missing");
  EXPECT_EQ(of("${A/a}"), "error: ${A/… has no second /");
}

TEST(Expand, RefusesOtherForms) {
  EXPECT_EQ(of("${A"), "error: a ${ is not closed");
  EXPECT_EQ(of("${}"), "error: ${ without a name");
  EXPECT_EQ(of("${A:x}"), "error: Docker does not know ${A:x}");
  EXPECT_EQ(of("${A@Q}"), "error: Docker does not know ${A@Q}");
  EXPECT_EQ(of("${A:}"), "error: Docker does not know ${A:}");
}

TEST(Expand, Bounds) {
  Fixed big;
  Work work;
  big.values["BIG"] = std::string(40000, 'x');
  EXPECT_EQ(expand("$BIG", '\\', big, work)->size(), 40000U);
  EXPECT_EQ(expand("$BIG$BIG", '\\', big, work).error().code, Code::too_large);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "${NONE:-";
  EXPECT_EQ(expand(deep + std::string(100, '}'), '\\', big, work).error().code, Code::too_large);
  EXPECT_EQ(expand("${BIG//x*x*x*x*y/}", '\\', big, work).error().code, Code::too_large);
  EXPECT_EQ(expand("${A#x}", '\\', big, work).error().code, Code::too_large);  // none of the work is left
  Work little{.bytes = 5, .steps = 10};
  EXPECT_EQ(expand("$A$A$A", '\\', big, little).error().code, Code::too_large);
}

}  // namespace
}  // namespace cosign
