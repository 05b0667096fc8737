#include "sigstore/codec/json.h"

#include <gtest/gtest.h>

#include <chrono>

#include "sigstore/codec/json_wipe.h"

namespace sigstore::codec {
namespace {

using json::Array;
using json::Number;
using json::Object;
using json::Value;

std::string rewritten(std::string_view text) {
  const auto value = json::parse(text, "test");
  return value ? json::write(*value) : value.error().text();
}

Error refusal(std::string_view text, const json::ParseOptions& options = {}) {
  const auto value = json::parse(text, "the document", options);
  return value ? Error{Code::internal, "accepted", {}, {}} : value.error();
}

// --- what is read

TEST(JsonParse, KeepsOrderAndNumbers) {
  for (const char* text : {"null",
                           "true",
                           "false",
                           "\"\"",
                           "0",
                           "-0",
                           "1.0",
                           "1E+2",
                           "1e-7",
                           "-12.50",
                           "1e400",
                           "1e-400",
                           "1234567890123456789012345",
                           "-9223372036854775809",
                           "0.1234567890123456789012345",
                           "[]",
                           "{}",
                           "[[],{},null]",
                           R"({"b":1,"a":{"c":[1.0]}})",
                           R"({"":1})",
                           R"({"a":"b","A":"b"})"}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

TEST(JsonParse, SkipsWhiteSpaceAround) {
  EXPECT_EQ(rewritten(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n"), R"({"a":[1,2]})");
}

TEST(JsonParse, DecodesEscapes) {
  const auto value = json::parse(R"("\u0041\n\/\"\\\u00e9\u20ac\ud83d\ude00\u0000")", "test");
  ASSERT_TRUE(value);
  EXPECT_EQ(*value->string(), std::string("A\n/\"\\é€😀") + char(0));
}

TEST(JsonParse, TakesTheWholeRangeOfUtf8) {
  for (const char* text : {"\"\xC2\x80\"", "\"\xDF\xBF\"", "\"\xE0\xA0\x80\"", "\"\xED\x9F\xBF\"",
                           "\"\xEE\x80\x80\"", "\"\xF0\x90\x80\x80\"", "\"\xF4\x8F\xBF\xBF\""}) {
    EXPECT_EQ(rewritten(text), text);
  }
}

// --- what is refused

TEST(JsonParse, RefusesWhatIsNotJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "\"",
                           "\"a",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{a:1}",
                           "{'a':1}",
                           "[1,]",
                           "[,1]",
                           "{\"a\":1,}",
                           "[1 2]",
                           "01",
                           "-",
                           "-01",
                           "+1",
                           ".5",
                           "1.",
                           "1e",
                           "1e+",
                           "0x10",
                           "NaN",
                           "Infinity",
                           "-Infinity",
                           "nul",
                           "True",
                           "// c\n1",
                           "/* c */1",
                           "\"\t\"",
                           "\"\n\"",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\",
                           "]",
                           "}",
                           "[}",
                           "{]",
                           "\xEF\xBB\xBF[]",
                           "[1e99999999999999999999]"}) {
    EXPECT_EQ(refusal(text).code, Code::malformed) << text;
  }
  EXPECT_EQ(refusal(std::string_view("\0", 1)).code, Code::malformed);
  EXPECT_EQ(refusal(std::string_view("[1]\0", 4)).code, Code::malformed);
}

TEST(JsonParse, RefusesBadUtf8) {
  for (const char* text : {"\"\xFF\"", "\"\xC0\x80\"", "\"\xC1\xBF\"", "\"\xE0\x80\x80\"", "\"\xED\xA0\x80\"",
                           "\"\xF0\x80\x80\x80\"", "\"\xF4\x90\x80\x80\"", "\"\xF5\x80\x80\x80\"",
                           "\"\xE2\x82\"", "\"\x80\"", "{\"\xFF\":1}"}) {
    EXPECT_EQ(refusal(text).code, Code::malformed) << text;
  }
}

TEST(JsonParse, RefusesLoneSurrogates) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")", R"("\ud800\ud800")",
                           R"("\udfff\ud800")", R"({"\ud800":1})"}) {
    EXPECT_EQ(refusal(text).code, Code::malformed) << text;
  }
}

TEST(JsonParse, RefusesDuplicateNamesAtAnyDepth) {
  for (const char* text : {R"({"a":1,"a":1})", R"([{"b":[{"a":1,"c":2,"a":3}]}])", R"({"a":1,"\u0061":2})",
                           R"({"x":{"a":1},"x":{}})"}) {
    const auto error = refusal(text);
    EXPECT_EQ(error.code, Code::malformed) << text;
    EXPECT_NE(error.cause.find("stands twice"), std::string::npos) << error.cause;
  }
  EXPECT_EQ(rewritten(R"({"a":{"a":{"a":1}}})"), R"({"a":{"a":{"a":1}}})");
}

TEST(JsonParse, RefusesTextAfterTheDocument) {
  for (const char* text : {"{}{}", "1 2", "[] x", "{},", "nullnull"}) {
    EXPECT_EQ(refusal(text).code, Code::malformed) << text;
  }
}

TEST(JsonParse, NamesLineAndColumn) {
  EXPECT_EQ(refusal("{\"a\": 1,\n \"é\": 2, \"a\": 3}").text(),
            "the document is not valid JSON: line 2, column 12: the name \"a\" stands twice in one object");
  EXPECT_EQ(refusal("[1,\n2,\n x]").cause.substr(0, 16), "line 3, column 2");
  EXPECT_EQ(refusal("{} x").cause, "line 1, column 4: text follows the document");
}

// --- bounds

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonParse, BoundsDepth) {
  EXPECT_TRUE(json::parse(nested(limits::json_depth), "test"));
  EXPECT_EQ(refusal(nested(limits::json_depth + 1)).code, Code::too_large);
  EXPECT_EQ(refusal(std::string(1'000'000, '[')).code, Code::too_large);
  std::string objects;
  for (std::size_t i = 0; i < limits::json_depth + 1; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal(objects).code, Code::too_large);
  json::ParseOptions shallow;
  shallow.max_depth = 2;
  EXPECT_TRUE(json::parse("[[]]", "test", shallow));
  EXPECT_EQ(refusal("[[[]]]", shallow).code, Code::too_large);
}

TEST(JsonParse, BoundsBytesAndValues) {
  json::ParseOptions tight;
  tight.max_bytes = 5;
  tight.max_values = 3;
  EXPECT_TRUE(json::parse("[1,2]", "test", tight));
  EXPECT_EQ(refusal("[1,22]", tight).code, Code::too_large);
  EXPECT_TRUE(json::parse("[1,2]", "test", tight));
  tight.max_bytes = 100;
  EXPECT_EQ(refusal("[1,2,3]", tight).code, Code::too_large);
}

std::string object_of(int members) {
  std::string text = "{";
  for (int i = 0; i < members; ++i)
    text += (i == 0 ? "" : ",") + json::quote("name" + std::to_string(i)) + ":0";
  return text + "}";
}

double seconds_to_parse(const std::string& text) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(json::parse(text, "test"));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST(JsonParse, ALargeObjectIsNotQuadratic) {
  const auto small = seconds_to_parse(object_of(10'000));
  const auto large = seconds_to_parse(object_of(200'000));
  EXPECT_LT(large, small * 20 * 8 + 0.2);  // quadratic would be 400 times; sorting is about 25
}

TEST(JsonParse, FindsADuplicateInALargeObject) {
  auto text = object_of(1000);
  text.back() = ',';
  EXPECT_EQ(refusal(text + "\"name0\":1}").code, Code::malformed);
  EXPECT_EQ(refusal(text + "\"name999\":1}").code, Code::malformed);
  EXPECT_TRUE(json::parse(text + "\"name1000\":1}", "test"));
}

// --- values

TEST(JsonValue, ReadsIntegersInRange) {
  EXPECT_EQ(Value(Number{"9223372036854775807"}).to_int64(), INT64_MAX);
  EXPECT_EQ(Value(Number{"-9223372036854775808"}).to_int64(), INT64_MIN);
  EXPECT_EQ(Value(Number{"18446744073709551615"}).to_uint64(), UINT64_MAX);
  for (const char* text : {"9223372036854775808", "1.0", "1e2", "", "1x"}) {
    EXPECT_EQ(Value(Number{text}).to_int64().error().code, Code::malformed) << text;
  }
  for (const char* text : {"18446744073709551616", "-1", "0.0"})
    EXPECT_FALSE(Value(Number{text}).to_uint64()) << text;
  EXPECT_FALSE(Value("1").to_int64());
}

TEST(JsonValue, ObjectReplacesInPlaceAndSorts) {
  Object object{{"b", 1}, {"a", true}};
  object.set("c", nullptr);
  object.set("b", "x");
  EXPECT_EQ(json::write(object), R"({"b":"x","a":true,"c":null})");
  EXPECT_EQ(json::write(object.sorted()), R"({"a":true,"b":"x","c":null})");
  EXPECT_TRUE(object.erase("a"));
  EXPECT_FALSE(object.erase("a"));
  EXPECT_EQ(object.find("a"), nullptr);
  EXPECT_EQ(*Value(object).get("b"), Value("x"));
  EXPECT_EQ(Value(1).get("b"), nullptr);
}

TEST(JsonValue, MemberReadersNameThePlace) {
  const Object object{
      {"text", "x"}, {"number", 7}, {"nothing", nullptr}, {"list", Array{1}}, {"object", Object()}};
  EXPECT_EQ(json::need_string(object, "text", "doc"), "x");
  EXPECT_EQ(json::need_string(object, "number", "doc").error().message, "doc: number is not a string");
  EXPECT_EQ(json::need_string(object, "absent", "doc").error().message, "doc: absent is missing");
  EXPECT_FALSE(json::need_string(object, "nothing", "doc"));
  EXPECT_EQ(json::optional_string(object, "nothing", "doc"), "");
  EXPECT_EQ(json::optional_string(object, "absent", "doc"), "");
  EXPECT_FALSE(json::optional_string(object, "list", "doc"));
  EXPECT_EQ(json::need_uint64(object, "number", "doc"), 7U);
  EXPECT_FALSE(json::need_uint64(object, "text", "doc"));
  EXPECT_EQ((*json::optional_array(object, "list", "doc"))->size(), 1U);
  EXPECT_EQ(*json::optional_array(object, "nothing", "doc"), nullptr);
  EXPECT_FALSE(json::optional_array(object, "object", "doc"));
  EXPECT_TRUE((*json::optional_object(object, "object", "doc"))->empty());
  EXPECT_FALSE(json::optional_object(object, "list", "doc"));
  EXPECT_TRUE(json::need_object(Value(object), "doc"));
  EXPECT_FALSE(json::need_object(Value(1), "doc"));
}

// --- writing

TEST(JsonWrite, EscapesAsGoDoes) {
  EXPECT_EQ(json::quote("a<b>&\"\\/\b\f\n\r\t\x01\x1f\x7f"),
            "\"a\\u003cb\\u003e\\u0026\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  EXPECT_EQ(json::quote("é€😀\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA"),
            "\"é€😀\xE2\x80\xA7\\u2028\\u2029\xE2\x80\xAA\"");
  EXPECT_EQ(json::quote(std::string_view("\0", 1)), "\"\\u0000\"");
}

TEST(JsonWrite, ReplacesEachBrokenByteAsGoDoes) {
  EXPECT_EQ(json::quote("x\xFFy"), "\"x\\ufffdy\"");
  EXPECT_EQ(json::quote("\xE2\x82"), "\"\\ufffd\\ufffd\"");
  EXPECT_EQ(json::quote("\xED\xA0\x80"), "\"\\ufffd\\ufffd\\ufffd\"");
  EXPECT_EQ(json::quote("\xC0\x80\xF4\x90\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"");
  EXPECT_EQ(json::quote("\xEF\xBF\xBD"), "\"\xEF\xBF\xBD\"");
}

TEST(JsonWrite, PlainEscapesOnlyWhatJsonMust) {
  EXPECT_EQ(json::write_plain(Object{{"<&>", "\xE2\x80\xA8\"\\\b\x01\x7f"}}),
            "{\"<&>\":\"\xE2\x80\xA8\\\"\\\\\\b\\u0001\x7f\"}");
}

TEST(JsonWrite, IndentsAsMarshalIndent) {
  const Value value = Object{{"a", Array{1, Object{}, Array{}, Object{{"b", nullptr}}}}, {"c", "<"}};
  EXPECT_EQ(json::write_indented(value, 2),
            "{\n  \"a\": [\n    1,\n    {},\n    [],\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": "
            "\"\\u003c\"\n}");
  EXPECT_EQ(json::write_indented(Object{}, 3), "{}");
  EXPECT_EQ(json::write_indented(Array{}, 3), "[]");
}

TEST(JsonWipe, OverwritesEveryText) {
  Value value = *json::parse(R"({"a":["a password that is no short string",{"b":"x"}],"n":7})", "test");
  const char* const buffer = value.get("a")->array()->front().string()->data();
  json::wipe(value);
  EXPECT_EQ(json::write(value), R"({"a":["",{"b":""}],"n":7})");
  EXPECT_EQ(std::string_view(buffer, 8), std::string_view("\0\0\0\0\0\0\0\0", 8));
}

TEST(JsonWrite, EveryEscapeIsReadBack) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "é\xE2\x80\xA8😀";
  EXPECT_EQ(*json::parse(json::quote(all), "test")->string(), all);
  EXPECT_EQ(*json::parse(json::write_plain(all), "test")->string(), all);
}

}  // namespace
}  // namespace sigstore::codec
