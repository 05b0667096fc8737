#include "sigstore/codec/proto_json.h"

#include <gtest/gtest.h>

#include "sigstore/codec/proto_fields.h"

namespace sigstore::codec {
namespace {

using proto_json::Field;
using proto_json::Kind;
using proto_json::Message;

constexpr std::string_view colours[] = {"COLOUR_UNSPECIFIED", "RED", "GREEN"};
constexpr Field inner_fields[] = {{"rawBytes", "raw_bytes", Kind::bytes}};
constexpr Message inner{inner_fields};
constexpr Field outer_fields[] = {{"mediaType", "media_type"},
                                  {"logIndex", "log_index", Kind::int64},
                                  {"colour", "colour", Kind::enumeration, false, nullptr, colours},
                                  {"left", "left", Kind::message, false, &inner, {}, 1},
                                  {"right", "right", Kind::message, false, &inner, {}, 1},
                                  {"hashes", "hashes", Kind::bytes, true},
                                  {"numbers", "numbers", Kind::int64, true},
                                  {"parts", "parts", Kind::message, true, &inner},
                                  proto_json::uint32_field("apiVersion", "api_version"),
                                  {"counts", "counts", Kind::uint32, true},
                                  proto_json::time_field("startsAt", "starts_at")};
constexpr Message outer{outer_fields};

std::string normalized(std::string_view text) {
  auto value = json::parse(text, "test").value();
  const auto out = proto_json::normalize(std::move(value), outer, "it");
  if (out) return json::write(*out);
  EXPECT_EQ(out.error().code, Code::malformed);
  return out.error().text();
}

TEST(ProtoJson, WritesOneFormForEverySpelling) {
  const std::string form = R"({"mediaType":"x","logIndex":"5","colour":"RED","left":{"rawBytes":"+/8="}})";
  EXPECT_EQ(normalized(form), form);
  EXPECT_EQ(normalized(R"({"left":{"raw_bytes":"-_8"},"colour":1,"log_index":5,"media_type":"x"})"), form);
}

// As Go's protojson takes it; the official vectors have such a timestamp.
TEST(ProtoJson, FoldedBase64IsTakenAndWrittenInOneLine) {
  EXPECT_EQ(normalized(R"({"left":{"rawBytes":"AAAA\nAAAA\r\n"},"hashes":["-_\n8"]})"),
            R"({"left":{"rawBytes":"AAAAAAAA"},"hashes":["+/8="]})");
  EXPECT_EQ(normalized(R"({"left":{"rawBytes":"\n"}})"), R"({"left":{}})");
  EXPECT_NE(normalized(R"({"left":{"rawBytes":"AA AA"}})")[0], '{');
}

TEST(ProtoJson, LeavesDefaultsOut) {
  EXPECT_EQ(normalized(R"({"mediaType":"","logIndex":0,"colour":0,"hashes":[],"left":null,"parts":null})"),
            "{}");
  EXPECT_EQ(normalized(R"({"logIndex":"0","colour":"COLOUR_UNSPECIFIED"})"), "{}");
  EXPECT_EQ(normalized(R"({"left":{}})"), R"({"left":{}})");
  EXPECT_EQ(normalized(R"({"left":{"rawBytes":""},"right":null})"), R"({"left":{}})");
}

TEST(ProtoJson, KeepsDefaultsInLists) {
  EXPECT_EQ(normalized(R"({"hashes":["","_w"],"numbers":[0,"1"],"parts":[{},{"rawBytes":"AA=="}]})"),
            R"({"hashes":["","/w=="],"numbers":["0","1"],"parts":[{},{"rawBytes":"AA=="}]})");
}

TEST(ProtoJson, RefusesUnknownAndRepeatedFields) {
  EXPECT_EQ(normalized(R"({"extra":1})"), R"(it has an unknown member "extra")");
  EXPECT_EQ(normalized(R"({"left":{"x":null}})"), R"(it: left has an unknown member "x")");
  EXPECT_EQ(normalized(R"({"mediaType":"a","media_type":"a"})"), "it has mediaType under both of its names");
  EXPECT_EQ(normalized(R"({"mediaType":null,"media_type":"a"})"), "it has mediaType under both of its names");
  EXPECT_EQ(normalized(R"({"right":{},"left":{}})"), "it: right stands beside an alternative");
}

TEST(ProtoJson, RefusesWrongTypes) {
  for (const char* text : {"[]",
                           "1",
                           R"({"mediaType":1})",
                           R"({"logIndex":true})",
                           R"({"logIndex":"x"})",
                           R"({"logIndex":""})",
                           R"({"logIndex":"+1"})",
                           R"({"logIndex":"01"})",
                           R"({"logIndex":" 1"})",
                           R"({"logIndex":"-0"})",
                           R"({"logIndex":1.5})",
                           R"({"logIndex":"9223372036854775808"})",
                           R"({"colour":"BLUE"})",
                           R"({"colour":2147483648})",
                           R"({"colour":true})",
                           R"({"left":[]})",
                           R"({"left":{"rawBytes":"*"}})",
                           R"({"left":{"rawBytes":7}})",
                           R"({"hashes":"AA=="})",
                           R"({"hashes":[null]})",
                           R"({"parts":[null]})",
                           R"({"parts":{}})",
                           R"({"apiVersion":-1})",
                           R"({"apiVersion":4294967296})",
                           R"({"apiVersion":"01"})",
                           R"({"apiVersion":1.5})",
                           R"({"apiVersion":true})",
                           R"({"startsAt":""})",
                           R"({"startsAt":1})",
                           R"({"startsAt":"2024-01-01"})",
                           R"({"startsAt":"2024-02-30T00:00:00Z"})"}) {
    EXPECT_NE(normalized(text)[0], '{') << text;
  }
}

TEST(ProtoJson, NamesThePlace) {
  EXPECT_EQ(normalized(R"({"parts":[{},{"rawBytes":1}]})"), "it: parts[1]: rawBytes is not base64 text");
}

TEST(ProtoJson, KeepsNumbersOfEnumerationsThatHaveNoName) {
  EXPECT_EQ(normalized(R"({"colour":9})"), R"({"colour":9})");
  EXPECT_EQ(normalized(R"({"colour":-1})"), R"({"colour":-1})");
}

TEST(ProtoJson, TakesTheWholeRangeOfInt64) {
  for (const char* text :
       {R"({"logIndex":"9223372036854775807"})", R"({"logIndex":"-9223372036854775808"})"}) {
    EXPECT_EQ(normalized(text), text);
  }
  EXPECT_EQ(normalized(R"({"logIndex":9223372036854775807})"), R"({"logIndex":"9223372036854775807"})");
}

TEST(ProtoJson, ReadsUnsignedNumbersAndTimes) {
  EXPECT_EQ(normalized(
                R"({"api_version":"4294967295","counts":[0,"7"],"starts_at":"2024-01-01T00:00:00.5+02:00"})"),
            R"({"apiVersion":4294967295,"counts":[0,7],"startsAt":"2024-01-01T00:00:00.5+02:00"})");
  EXPECT_EQ(normalized(R"({"apiVersion":0,"startsAt":null})"), "{}");
  EXPECT_EQ(normalized(R"({"startsAt":"9999-12-31T23:59:59Z"})"), R"({"startsAt":"9999-12-31T23:59:59Z"})");
}

TEST(ProtoJson, LooksIntoANormalizedMessage) {
  const auto parsed =
      json::parse(R"({"text":"x","bytes":"AAE=","list":[{}],"object":{"n":7},"colour":9})", "test");
  const auto& message = *parsed->object();
  EXPECT_EQ(proto_json::text_at(message, "text"), "x");
  EXPECT_EQ(proto_json::text_at(message, "colour"), "9");
  EXPECT_EQ(proto_json::bytes_at(message, "bytes"), (Bytes{0, 1}));
  EXPECT_EQ(proto_json::list_at(message, "list").size(), 1U);
  EXPECT_EQ(proto_json::uint32_at(*proto_json::object_at(message, "object"), "n"), 7U);
  EXPECT_EQ(proto_json::text_at(message, "no"), "");
  EXPECT_EQ(proto_json::bytes_at(message, "no"), Bytes());
  EXPECT_TRUE(proto_json::list_at(message, "no").empty());
  EXPECT_EQ(proto_json::object_at(message, "no"), nullptr);
  EXPECT_EQ(proto_json::uint32_at(message, "no"), 0U);
  EXPECT_FALSE(proto_json::time_at(message, "no").has_value());
}

TEST(ProtoJson, HoldsTimesThatAreFarAtTheirNearest) {
  const auto at = [](std::string_view text) {
    return proto_json::time_at(json::Object{{"t", text}}, "t").value();
  };
  EXPECT_EQ(at("9999-12-31T23:59:59Z"), Time::max());
  EXPECT_EQ(at("2262-01-01T00:00:00Z"), Time::max());
  EXPECT_EQ(at("0001-01-01T00:00:00Z"), Time::min());
  EXPECT_EQ(at("1677-01-01T00:00:00Z"), Time::min());
  EXPECT_EQ(at("1678-01-01T00:00:00+00:01"), Time::min());
  EXPECT_EQ(at("2261-12-31T23:59:59-00:01"), Time::max());
}

TEST(ProtoJson, WritesTimesAsProtojsonDoes) {
  for (const char* text :
       {"2024-01-01T00:00:00Z", "2022-12-31T23:59:59.999Z", "2024-01-01T00:00:00.100Z",
        "1969-12-31T23:59:59.500Z", "2024-01-01T00:00:00.123456Z", "2024-01-01T00:00:00.123456789Z",
        "2024-01-01T00:00:00.000000001Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(proto_json::timestamp(proto_json::time_at(json::Object{{"t", text}}, "t").value()), text);
  }
}

}  // namespace
}  // namespace sigstore::codec
