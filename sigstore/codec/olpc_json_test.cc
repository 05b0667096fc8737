#include "sigstore/codec/olpc_json.h"

#include <gtest/gtest.h>

namespace sigstore::codec::json {
namespace {

std::string olpc(std::string_view text) {
  const auto value = parse(text, "test");
  EXPECT_TRUE(value) << text;
  const auto written = write_olpc(*value);
  return written ? *written : written.error().text();
}

// Each as securesystemslib.formats.encode_canonical() writes it.
TEST(OlpcJson, WritesWhatSecuresystemslibWrites) {
  EXPECT_EQ(olpc(R"("")"), R"("")");
  EXPECT_EQ(olpc("[1, 2, 3]"), "[1,2,3]");
  EXPECT_EQ(olpc("[ ]"), "[]");
  EXPECT_EQ(olpc("{ }"), "{}");
  EXPECT_EQ(olpc(R"({"x": 3, "y": [null, true, false], "A": {"": -5}})"),
            R"({"A":{"":-5},"x":3,"y":[null,true,false]})");
}

TEST(OlpcJson, OnlyBackslashAndQuoteAreEscaped) {
  EXPECT_EQ(olpc(R"("a\"b\\c\/d\n\t\u0000\u001f<>&\u2028\u00e9\ud83d\ude00")"),
            std::string("\"a\\\"b\\\\c/d\n\t\0\x1f<>&\xE2\x80\xA8\xC3\xA9\xF0\x9F\x98\x80\"", 27));
}

TEST(OlpcJson, MembersStandInTheOrderOfTheirBytes) {
  // U+E000 comes before U+1F600, other than in UTF-16.
  EXPECT_EQ(olpc(R"({"\ud83d\ude00": 1, "\ue000": 2, "b": 3, "B": 4, "a1": 5, "a": 6})"),
            "{\"B\":4,\"a\":6,\"a1\":5,\"b\":3,\"\xEE\x80\x80\":2,\"\xF0\x9F\x98\x80\":1}");
}

TEST(OlpcJson, IntegersKeepTheirDigits) {
  EXPECT_EQ(olpc("[0, -0, -1, 123456789012345678901234567890]"), "[0,0,-1,123456789012345678901234567890]");
}

TEST(OlpcJson, OtherNumbersHaveNoForm) {
  for (const char* text : {"1.0", "1e3", "0.5", "-1.5", "1E-2"}) {
    EXPECT_EQ(olpc(text), "the number " + std::string(text) + " has no canonical JSON: it is no integer");
  }
  for (const char* text : {"", "-", "01", "+1", "nan"}) {
    EXPECT_EQ(write_olpc(Number{text}).error().code, Code::malformed) << text;
  }
}

TEST(OlpcJson, WhatIsNotUtf8HasNoForm) {
  EXPECT_EQ(write_olpc("\xC3\x28").error().message, "text that is not UTF-8 has no canonical JSON");
  EXPECT_EQ(write_olpc(Object{{"\xFF", 1}}).error().message, "text that is not UTF-8 has no canonical JSON");
}

TEST(OlpcJson, ANameStandsOnce) {
  Object twice;
  twice.append("a", 1);
  twice.append("a", 2);
  EXPECT_EQ(write_olpc(twice).error().message,
            "an object with a name that stands twice has no canonical JSON");
}

TEST(OlpcJson, DepthIsBounded) {
  Value value = 1;
  for (std::size_t depth = 0; depth < limits::json_depth; ++depth) value = Array{std::move(value)};
  EXPECT_TRUE(write_olpc(value));
  EXPECT_EQ(write_olpc(Array{std::move(value)}).error().code, Code::too_large);
}

TEST(OlpcJson, IsMadeJsonAgain) {
  const Value value = Object{{"pem", "-----BEGIN\nA\x01\t\"\\\x1f\n"}, {"n", 1}};
  const auto written = write_olpc(value);
  EXPECT_FALSE(parse(*written, "canonical"));
  const std::string again = olpc_as_json(*written);
  EXPECT_EQ(again, R"({"n":1,"pem":"-----BEGIN\nA\u0001\u0009\"\\\u001f\n"})");
  EXPECT_EQ(write_olpc(*parse(again, "again")), *written);
}

}  // namespace
}  // namespace sigstore::codec::json
