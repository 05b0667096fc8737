#include "sigstore/codec/yaml/yaml.h"

#include <gtest/gtest.h>

namespace sigstore::codec {
namespace {

// Each document as JSON, a line each; or the error.
std::string read(std::string_view text, const yaml::ParseOptions& options = {}) {
  const auto documents = yaml::parse(text, "f.yaml", options);
  if (!documents) return documents.error().text();
  std::string lines;
  for (const auto& document : *documents) lines += (lines.empty() ? "" : "\n") + json::write(document.value);
  return lines;
}

Error refusal(std::string_view text, const yaml::ParseOptions& options = {}) {
  const auto documents = yaml::parse(text, "f.yaml", options);
  return documents ? Error{Code::internal, "accepted", {}, {}} : documents.error();
}

void expect_refused(std::string_view text, std::string_view cause) {
  const auto error = refusal(text);
  EXPECT_EQ(error.code, Code::malformed) << text;
  EXPECT_EQ(error.message, "f.yaml is not valid YAML") << text;
  EXPECT_EQ(error.cause, cause) << text;
}

// --- what is read

TEST(Yaml, BlocksAndFlows) {
  EXPECT_EQ(read("a: b\nc:\n- d\n- e: {f: [g, h]}\n  i: j\n"),
            R"({"a":"b","c":["d",{"e":{"f":["g","h"]},"i":"j"}]})");
  EXPECT_EQ(read("text: |\n  one\n  two\nfolded: >-\n  three\n  four\n"),
            R"({"text":"one\ntwo\n","folded":"three four"})");
  EXPECT_EQ(read("a: \"\\x41\\t\\u20ac\"\nb: 'it''s'\n"), R"({"a":"A\t€","b":"it's"})");
  EXPECT_EQ(read("# only a comment\na: b # and another\n"), R"({"a":"b"})");
  EXPECT_EQ(read(R"({"a": [1, "b", null], "c": {"d": true}})"), R"({"a":[1,"b",null],"c":{"d":true}})");
}

TEST(Yaml, ScalarsAreWhatJsonHas) {
  EXPECT_EQ(read("[null, ~, Null, NULL, true, True, FALSE]"), "[null,null,null,null,true,true,false]");
  EXPECT_EQ(read("[0, -1, 1.0, 1E+2, 12345678901234567890123]"), "[0,-1,1.0,1E+2,12345678901234567890123]");
  EXPECT_EQ(
      read("[yes, no, on, off, y, 0755, 0x1F, 1_000, .5, +1, .inf, 1.2.3, 1:20, 2026-11-28, 1., e1]"),
      R"(["yes","no","on","off","y","0755","0x1F","1_000",".5","+1",".inf","1.2.3","1:20","2026-11-28","1.","e1"])");
  EXPECT_EQ(read("[1e400, 1e9999999]"), R"([1e400,"1e9999999"])");
  EXPECT_EQ(read("['1', \"true\", '~', '']"), R"(["1","true","~",""])");
  EXPECT_EQ(read("[!!str 1, ! 2, !!int 3, !!bool true, !!null ~, !!float 1.5]"),
            R"(["1","2",3,true,null,1.5])");
  EXPECT_EQ(read("a:\nb: ''\n1: c\ntrue: d\n"), R"({"a":null,"b":"","1":"c","true":"d"})");
}

TEST(Yaml, ImagesStayText) {
  EXPECT_EQ(read("image: registry.example.com:5000/a/b:1.0@sha256:abc"),
            R"({"image":"registry.example.com:5000/a/b:1.0@sha256:abc"})");
  EXPECT_EQ(read("- image: app:1\n- {image: app:1}\n- image: 'app:1'\n"),
            R"([{"image":"app:1"},{"image":"app:1"},{"image":"app:1"}])");
}

TEST(Yaml, SeveralDocumentsWithTheirLines) {
  const auto documents = yaml::parse("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n---\nc: 3\n", "f.yaml");
  ASSERT_TRUE(documents) << documents.error().text();
  ASSERT_EQ(documents->size(), 4U);
  EXPECT_TRUE((*documents)[1].value.is_null());
  EXPECT_EQ((*documents)[0].line, 1U);
  EXPECT_EQ((*documents)[2].line, 5U);
  EXPECT_EQ((*documents)[3].line, 8U);
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("# a comment\n"), "");
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a: b\r\nc: d\r\n"),
            R"({"a":"b","c":"d"})");
}

TEST(Yaml, AliasesAreReplaced) {
  EXPECT_EQ(read("a: &x {k: v}\nb: *x\nc: [*x, &y z, *y]\n"),
            R"({"a":{"k":"v"},"b":{"k":"v"},"c":[{"k":"v"},"z","z"]})");
  EXPECT_EQ(read("&k key: 1\nother: *k\n"), R"({"key":1,"other":"key"})");
  EXPECT_EQ(read("a: &x k\n*x : v\n"), R"({"a":"k","k":"v"})");
  EXPECT_EQ(read("- &x 1\n- &x 2\n- *x\n"), "[1,2,2]");
}

TEST(Yaml, MergesMaps) {
  EXPECT_EQ(read("a: &x {k: 1, l: 2}\nb:\n  l: 3\n  <<: *x\n"), R"({"a":{"k":1,"l":2},"b":{"l":3,"k":1}})");
  EXPECT_EQ(read("<<: [{a: 1}, {a: 2, b: 3}]\nc: 4\n"), R"({"c":4,"a":1,"b":3})");
  EXPECT_EQ(read("'<<': a\n"), R"({"\u003c\u003c":"a"})");  // in quotes it is a key like any other
  expect_refused("<<: 1\n", "line 2, column 1: << takes a map or a list of maps");
  expect_refused("<<: {a: 1}\n<<: {b: 2}\n", "line 2, column 1: the key \"<<\" stands twice in one map");
}

// --- what is refused

TEST(Yaml, RefusesWithThePlace) {
  expect_refused("a: b\nc: d\na: e\n", "line 3, column 1: the key \"a\" stands twice in one map");
  expect_refused("{a: 1, 'a': 2}", "line 1, column 8: the key \"a\" stands twice in one map");
  expect_refused("? [a]\n: b\n", "line 1, column 3: a key must be a text");
  expect_refused("a: &x [1]\n*x : b\n", "line 2, column 1: a key must be a text");
  expect_refused("? \n: b\n", "line 1, column 2: a key is empty");
  expect_refused(": b\n", "line 1, column 1: did not find expected key");
  expect_refused("a: *x\n", "line 1, column 4: the alias *x names nothing that is complete here");
  expect_refused("a: &x [*x]\n", "line 1, column 8: the alias *x names nothing that is complete here");
  expect_refused("- &x 1\n- &x [*x]\n", "line 2, column 7: the alias *x names nothing that is complete here");
  expect_refused("&x a: 1\n---\nb: *x\n",
                 "line 3, column 4: the alias *x names nothing that is complete here");
  expect_refused("a: !!binary bmdpbng=\n", "line 1, column 4: the tag !!binary is not known here");
  expect_refused("a: !Ref b\n", "line 1, column 4: the tag !Ref is not known here");
  expect_refused("a: !!set {b}\n", "line 1, column 4: the tag !!set is not known here");
  expect_refused("a: !!int yes\n", "line 1, column 4: \"yes\" is no !!int");
  expect_refused("a: b: c\n", "line 1, column 5: mapping values are not allowed in this context");
  expect_refused("a: [b\n", "line 2, column 1: did not find expected ',' or ']'");
  expect_refused("\ta: b\n", "line 1, column 1: found character that cannot start any token");
  expect_refused("a: {{ .Values.image }}\n", "line 1, column 5: a key must be a text");
}

TEST(Yaml, RefusesWhatIsNoUtf8) {
  EXPECT_EQ(refusal("a: \xff\n").code, Code::malformed);
  EXPECT_EQ(refusal("a: \xed\xa0\x80\n").code, Code::malformed);
  EXPECT_EQ(refusal(std::string_view("a: b\0c\n", 7)).code, Code::malformed);
  EXPECT_EQ(refusal("a: \"\\ud800\"\n").code, Code::malformed);
  EXPECT_EQ(refusal(std::string_view("\xff\xfe"
                                     "a\0:\0 \0b\0",
                                     10))
                .code,
            Code::malformed);  // UTF-16
}

// --- bounds

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

TEST(Yaml, BoundsDepth) {
  EXPECT_EQ(read(nested(64)), nested(64));
  EXPECT_EQ(refusal(nested(65)).code, Code::too_large);
  EXPECT_EQ(refusal(nested(65)).cause, "line 1, column 65: more than 64 levels");
  EXPECT_EQ(refusal(std::string(100000, '[')).code, Code::too_large);
  std::string chain = "- &a0 x\n";  // each list is one level deeper than the one before
  for (int i = 1; i < 80; ++i) chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  EXPECT_EQ(refusal(chain).code, Code::too_large);
}

TEST(Yaml, BoundsAliasBombs) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 9; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  const auto error = refusal(bomb);
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_TRUE(error.cause.ends_with("more than 200000 values, with aliases expanded")) << error.cause;

  std::string wide = "a: &x " + std::string(100000, 'x') + "\nb:\n";  // few values, much text
  for (int i = 0; i < 100; ++i) wide += "- *x\n";
  EXPECT_EQ(refusal(wide).code, Code::too_large);
  EXPECT_TRUE(refusal(wide).cause.ends_with("bytes of text, with aliases expanded"));

  std::string names = "a: &x {? " + std::string(100000, 'x') + " : 1}\nb:\n";  // the same in a key
  for (int i = 0; i < 100; ++i) names += "- *x\n";
  EXPECT_EQ(refusal(names).code, Code::too_large);
}

TEST(Yaml, BoundsValuesDocumentsAndBytes) {
  EXPECT_EQ(read("[1, 2]", {.max_values = 3}), "[1,2]");
  EXPECT_EQ(refusal("[1, 2, 3]", {.max_values = 3}).code, Code::too_large);
  EXPECT_EQ(refusal("a\n---\nb\n---\nc\n", {.max_documents = 2}).cause,
            "line 4, column 1: more than 2 documents");
  EXPECT_EQ(refusal("a: bcdef", {.max_bytes = 7}).cause, "8 bytes of YAML; at most 7 are read");
  EXPECT_EQ(refusal("a\n---\nb\n---\nc\n", {.max_values = 2}).code,
            Code::too_large);  // of all documents together
}

TEST(Yaml, BoundsTagDirectives) {
  for (const std::string end : {"\n", "\r", "\r\n", "\u0085", "\u2028"}) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "%TAG !x" + std::to_string(i) + "! y" + end;
    EXPECT_EQ(refusal(text + "---\na\n").code, Code::too_large) << end;
  }
}

}  // namespace
}  // namespace sigstore::codec
