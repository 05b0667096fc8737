#include "sigstore/codec/json_scan.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

using json::Kind;
using json::scan;

Error refusal(std::string_view text, const json::ParseOptions& options = {}) {
  const auto scanned = scan(text, "the document", {"a"}, options);
  return scanned ? Error{Code::internal, "accepted", {}, {}} : scanned.error();
}

TEST(JsonScan, GivesTheBytesOfTheMembersAskedFor) {
  const std::string_view text =
      " { \"x\":{\"a\":0}, \"a\" :\t[1.0, 1E+2,12345678901234567890] , \"b\":\"\\u00e9\\/\", \"c\":null}\n";
  const auto scanned = scan(text, "it", {"a", "b", "c", "absent"});
  ASSERT_TRUE(scanned);
  EXPECT_EQ(scanned->root.in(text), text.substr(1, text.size() - 2));
  EXPECT_EQ(scanned->root.kind, Kind::object);
  EXPECT_EQ(scanned->find("a")->in(text), "[1.0, 1E+2,12345678901234567890]");
  EXPECT_EQ(scanned->find("a")->kind, Kind::array);
  EXPECT_EQ(scanned->find("b")->in(text), "\"\\u00e9\\/\"");
  EXPECT_EQ(json::unquoted(scanned->find("b")->in(text)), "é/");
  EXPECT_EQ(scanned->find("c")->kind, Kind::null);
  EXPECT_EQ(scanned->find("absent"), nullptr);
}

TEST(JsonScan, KnowsANameWhateverItIsWrittenAs) {
  const std::string_view text = R"({"\u0061":1,"b":2})";
  const auto scanned = scan(text, "it", {"a"});
  ASSERT_TRUE(scanned);
  EXPECT_EQ(scanned->find("a")->in(text), "1");
}

TEST(JsonScan, CutsAValueOut) {
  const std::string_view text = R"({"p":{"q":[1]},"r":2})";
  const auto scanned = scan(text, "it", {"p"});
  ASSERT_TRUE(scanned);
  EXPECT_EQ(scanned->find("p")->cut(text, "null"), R"({"p":null,"r":2})");
}

TEST(JsonScan, TellsEveryKindOfRoot) {
  const std::pair<const char*, Kind> roots[] = {{"null", Kind::null},      {"true", Kind::boolean},
                                                {"-0.5e-3", Kind::number}, {"\"\"", Kind::string},
                                                {"[]", Kind::array},       {"{}", Kind::object}};
  for (const auto& [text, kind] : roots) EXPECT_EQ(scan(text, "it")->root.kind, kind) << text;
}

TEST(JsonScan, RefusesDuplicateNamesAtAnyDepth) {
  for (const char* text : {R"({"a":1,"a":2})", R"({"a":1,"\u0061":2})", R"([[{"x":{"a":1,"b":2,"a":3}}]])",
                           R"({"n":1,"o":{"n":1},"n":2})"}) {
    EXPECT_EQ(refusal(text).code, Code::malformed) << text;
    EXPECT_NE(refusal(text).cause.find("stands twice in one object"), std::string::npos) << text;
  }
  EXPECT_TRUE(scan(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})", "it"));
}

TEST(JsonScan, FindsADuplicateAmongMany) {
  std::string text = "{";
  for (int i = 0; i < 50000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_TRUE(scan(text + "\"z\":1}", "it"));
  EXPECT_EQ(refusal(text + "\"k7\":1}").code, Code::malformed);
}

TEST(JsonScan, NamesLineAndColumn) {
  const Error error = refusal("{\n \"a\": tru\n}");
  EXPECT_EQ(error.message, "the document is not valid JSON");
  EXPECT_TRUE(error.cause.starts_with("line 2, column 7: ")) << error.cause;
}

TEST(JsonScan, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "[1,]",
                           "[,1]",
                           "{,}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "01",
                           "-",
                           "1.",
                           ".5",
                           "1e",
                           "1e+",
                           "+1",
                           "0x1",
                           "tru",
                           "nulll",
                           "NaN",
                           "\"",
                           "\"\\",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\n\"",
                           "1 2",
                           "{}{}",
                           "\"\\ud83d\"",
                           "\"\\ude00\"",
                           "\"\\ud83d\\u0041\"",
                           "\"\xff\"",
                           "\"\xc0\x80\"",
                           "\"\xed\xa0\x80\"",
                           "\"\xf4\x90\x80\x80\"",
                           "\"\xe2\x82\"",
                           "// c\n1",
                           "\xef\xbb\xbf{}"})
    EXPECT_EQ(refusal(text).code, Code::malformed) << text;
}

TEST(JsonScan, BoundsDepthBytesAndNames) {
  const std::string open(limits::json_depth, '[');
  EXPECT_TRUE(scan(open + std::string(limits::json_depth, ']'), "it"));
  EXPECT_EQ(refusal(std::string(100000, '[')).code, Code::too_large);
  json::ParseOptions options;
  options.max_bytes = 4;
  EXPECT_EQ(refusal("[1,2]", options).code, Code::too_large);
  options = {};
  options.max_values = 2;
  EXPECT_TRUE(scan(R"([{"a":1,"b":[1,2,3,4]},{"c":1,"d":2}])", "it", {}, options));
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"c":3})", options).code, Code::too_large);
  EXPECT_EQ(refusal(R"({"a":{"b":{"c":3}}})", options).code, Code::too_large);
}

TEST(JsonScan, UnquotesEveryEscape) {
  EXPECT_EQ(json::unquoted(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00x")"), "\"\\/\b\f\n\r\tAé€😀x");
  EXPECT_EQ(json::unquoted("\"\""), "");
}

}  // namespace
}  // namespace sigstore::codec
