#include "sigstore/codec/canonical_json.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "sigstore/base/testing/testdata.h"

namespace sigstore::codec::json {
namespace {

std::string canonical(std::string_view text) {
  const auto value = parse(text, "test");
  if (!value) return "unreadable: " + value.error().text();
  const auto out = write_canonical(*value);
  return out ? *out : std::string(name(out.error().code)) + ": " + out.error().message;
}

TEST(CanonicalJson, NumbersOfTheRfc) {
  const std::pair<std::uint64_t, const char*> numbers[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, text] : numbers) EXPECT_EQ(es6_number(std::bit_cast<double>(bits)), text);
}

TEST(CanonicalJson, NumbersAsTheyAreWritten) {
  EXPECT_EQ(canonical("[-0,-0.0,0e9,1.0,10e-1,1E2,100000000000000000000,1e21,1e-6,1e-7]"),
            "[0,0,0,1,1,100,100000000000000000000,1e+21,0.000001,1e-7]");
  EXPECT_EQ(canonical("9007199254740991"), "9007199254740991");
  EXPECT_EQ(canonical("9007199254740993"), "9007199254740992");
  EXPECT_EQ(canonical("18446744073709551615"), "18446744073709552000");
}

TEST(CanonicalJson, WhatIsTooSmallIsZeroAndWhatIsTooLargeIsRefused) {
  EXPECT_EQ(canonical("[1e-400,-1e-400,0.1e-400]"), "[0,0,0]");
  EXPECT_EQ(canonical("0." + std::string(500, '0') + "1e+100"), "0");
  EXPECT_EQ(canonical("1" + std::string(500, '0') + "e-400"), "1e+100");
  EXPECT_EQ(canonical("1e400"), "malformed: the number 1e400 has no canonical JSON");
  EXPECT_EQ(canonical("[-1e400]"), "malformed: the number -1e400 has no canonical JSON");
  EXPECT_EQ(write_canonical(Value(Number{"1e99999999999999999999"})).error().code, Code::malformed);
  EXPECT_EQ(write_canonical(Value(Number{"1e-99999999999999999999"})), "0");
  EXPECT_EQ(canonical("1" + std::string(500, '0') + "e-100").substr(0, 22), "malformed: the number ");
  EXPECT_EQ(write_canonical(Value(Number{"0x10"})).error().code, Code::malformed);
  EXPECT_EQ(write_canonical(Value(Number{"nan"})).error().code, Code::malformed);
  EXPECT_EQ(write_canonical(Value(Number{"inf"})).error().code, Code::malformed);
}

TEST(CanonicalJson, NamesAreInTheOrderOfUtf16) {
  EXPECT_EQ(canonical(R"({"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7})"),
            "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":1,\"\xF0\x9F\x98\x80\":5,"
            "\"\xEF\xAC\xB3\":3}");
  EXPECT_EQ(canonical(R"({"b":{"z":1,"a":2},"":0,"aa":3,"a":4,"A":5})"),
            R"({"":0,"A":5,"a":4,"aa":3,"b":{"a":2,"z":1}})");
  EXPECT_EQ(canonical(R"({"\ue000":1,"\udbff\udfff":2,"\ud7ff":3,"\uffff":4,"\ud800\udc00":5})"),
            "{\"\xED\x9F\xBF\":3,\"\xF0\x90\x80\x80\":5,\"\xF4\x8F\xBF\xBF\":2,\"\xEE\x80\x80\":1,"
            "\"\xEF\xBF\xBF\":4}");
}

TEST(CanonicalJson, TextIsEscapedOnlyWhereItMustBe) {
  EXPECT_EQ(canonical(R"("\u0000\u0008\t\n\u000b\f\r\u001f\u0022\\\/\u007f<>&\u2028\u2029")"),
            "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\x7F<>&\xE2\x80\xA8\xE2\x80\xA9\"");
  EXPECT_EQ(canonical(" [ true , false , null , [ ] , { } ] "), "[true,false,null,[],{}]");
}

TEST(CanonicalJson, WhatHasNoCanonicalFormIsRefused) {
  for (const char* text :
       {"\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    const auto result = write_canonical(Value(Array{Value(std::string(text))}));
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, Code::malformed);
    EXPECT_EQ(result.error().message, "text that is not UTF-8 has no canonical JSON");
  }
  Object twice;
  twice.append("a", 1);
  twice.append("b", 1);
  twice.append("a", 2);
  EXPECT_EQ(write_canonical(Value(twice)).error().message,
            "an object with a name that stands twice has no canonical JSON");
  Value deep = 1;
  for (std::size_t i = 0; i < limits::json_depth; ++i) deep = Value(Array{std::move(deep)});
  EXPECT_TRUE(write_canonical(deep));
  EXPECT_EQ(write_canonical(Value(Array{std::move(deep)})).error().code, Code::too_large);
}

// Any double is written so that the same double is read again, and is then written the same.
TEST(CanonicalJson, AnyDoubleSurvives) {
  std::mt19937_64 random(8785);
  for (int i = 0; i < 200'000; ++i) {
    const auto number = std::bit_cast<double>(random());
    if (number != number || number - number != 0) continue;
    const std::string text = es6_number(number);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), number) << text;
    ASSERT_EQ(canonical(text), text);
  }
}

// --- vectors: SIGSTORE_VECTORS

TEST(CanonicalJsonVectors, OutputIsThatOfTheReference) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  int tried = 0;
  for (const auto& file : std::filesystem::directory_iterator(*vectors + "/jcs/input")) {
    const auto wanted = fakes::read_testdata(*vectors + "/jcs/output/" + file.path().filename().string());
    EXPECT_EQ(canonical(fakes::read_testdata(file.path().string())), wanted) << file.path();
    EXPECT_EQ(canonical(wanted), wanted) << file.path();
    ++tried;
  }
  EXPECT_GE(tried, 6);
}

}  // namespace
}  // namespace sigstore::codec::json
