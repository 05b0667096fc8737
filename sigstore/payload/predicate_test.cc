#include "sigstore/payload/predicate.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"

namespace sigstore::payload {
namespace {

const oci::Digest image = oci::Digest::sha256("image");
const Subject subject{"r.example/app", {{"sha256", std::string(image.hex())}}, {}};
const Time noon = Time{} + std::chrono::hours(12);

Result<std::string> made(std::string_view type, std::string file) {
  return make_predicate(*PredicateType::parse(type), std::move(file), noon);
}
Error refusal(std::string_view type, std::string file) {
  const auto predicate = made(type, std::move(file));
  return predicate ? Error{Code::internal, "accepted", {}, {}} : predicate.error();
}
std::string statement(std::string_view type, std::string file) {
  const auto known = *PredicateType::parse(type);
  return write_statement(subject, known.uri, *make_predicate(known, std::move(file), noon));
}

// Real cosign 3.1.2 signs 12345678901234567000 here, 1 and 100, and sorts the members.
TEST(Predicate, ItsBytesStandInTheStatementUnchanged) {
  const std::string predicate =
      R"({"z":12345678901234567890,"a":[1.0, 1E+2,-0,1234567890123456789012345],"s":"\u00e9\/<&>\ud83d\ude00é", "y":{"b":1,"a":2}})";
  for (const char* type : {"https://example.com/p", "spdxjson", "cyclonedx", "openvex", "vuln"}) {
    const auto text = statement(type, "\r\n \t" + predicate + " \n\n");
    const auto read = Statement::parse(text);
    ASSERT_TRUE(read) << type;
    EXPECT_EQ(read->predicate->in(text), predicate);
    EXPECT_TRUE(text.ends_with(",\"predicate\":" + predicate + "}"));
  }
}

TEST(Predicate, TheStatementIsThatOfRealCosign) {
  EXPECT_EQ(
      statement("https://example.com/p", "{}"),
      R"({"_type":"https://in-toto.io/Statement/v0.1","subject":[{"name":"r.example/app","digest":{"sha256":")" +
          std::string(image.hex()) + R"("}}],"predicateType":"https://example.com/p","predicate":{}})");
}

TEST(Predicate, CustomWrapsAnyTextAsRealCosignDoes) {
  EXPECT_EQ(*made("custom", "a<b>&\"é\n"), R"({"Data":"a<b>&\"é\n","Timestamp":"1970-01-01T12:00:00Z"})");
  EXPECT_EQ(*made("custom", ""), R"({"Data":"","Timestamp":"1970-01-01T12:00:00Z"})");
  EXPECT_EQ(*made("spdx", "SPDXVersion: SPDX-2.3\n"), R"("SPDXVersion: SPDX-2.3\n")");
  EXPECT_EQ(refusal("custom", "\xff").code, Code::malformed);
  EXPECT_EQ(refusal("spdx", "\xed\xa0\x80").code, Code::malformed);
}

TEST(Predicate, RequiredMembersAreCheckedAndUnknownOnesStay) {
  const std::string slsa02 = R"({"builder":{"id":"x"},"buildType":"y","mine":{"n":18446744073709551616}})";
  EXPECT_EQ(*made("slsaprovenance", slsa02), slsa02);
  EXPECT_EQ(*made("slsaprovenance02", slsa02), slsa02);
  EXPECT_EQ(refusal("slsaprovenance", "{}").message, "provenance predicate: required field builder missing");
  EXPECT_EQ(refusal("slsaprovenance", R"({"builder":{}})").message,
            "provenance predicate: required field buildType missing");
  const std::string slsa1 = R"({"buildDefinition":{},"runDetails":{"metadata":{"invocationID":"q"}}})";
  EXPECT_EQ(*made("slsaprovenance1", slsa1), slsa1);  // real cosign 3 renames it to invocationId
  EXPECT_EQ(refusal("slsaprovenance1", R"({"buildDefinition":{}})").message,
            "provenance predicate: required field runDetails missing");
  EXPECT_EQ(refusal("link", R"({"_type":"link","name":"n"})").message,
            "link statement: required field materials missing");
  EXPECT_TRUE(made("link", R"({"_type":"link","name":"n","materials":{},"products":{},"byproducts":{},)"
                           R"("command":[],"environment":{}})"));
}

TEST(Predicate, RefusesWhatIsNoJsonObject) {
  for (const char* bad : {"", "null", "[1]", "\"s\"", "1", "{", "{} {}", R"({"a":1,"a":2})",
                          R"({"a":{"b":1,"\u0062":2}})", "{\"a\":\"\xff\"}", "<bom/>"})
    for (const char* type : {"https://example.com/p", "cyclonedx", "slsaprovenance"})
      EXPECT_EQ(refusal(type, bad).code, Code::malformed) << bad;
  EXPECT_EQ(refusal("https://example.com/p", "[1]").message,
            "invalid JSON payload for predicate type https://example.com/p");
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(refusal("openvex", R"({"a":)" + deep + "}").code, Code::too_large);
}

TEST(Predicate, AnEqualClaimIsOneWhateverTheTimeOfItsWrapping) {
  const auto custom = *PredicateType::parse("custom");
  const auto at = [&](Time time, const char* data) {
    return write_statement(subject, custom.uri, *make_predicate(custom, data, time));
  };
  EXPECT_TRUE(say_the_same(at(noon, "x\n"), at(Time{}, "x\n"), image));
  EXPECT_FALSE(say_the_same(at(noon, "x\n"), at(noon, "y\n"), image));
  const auto text = statement("https://example.com/p", R"({"n":1})");
  EXPECT_TRUE(say_the_same(text, text, image));
  EXPECT_FALSE(say_the_same(text, text, oci::Digest::sha256("another")));
  EXPECT_FALSE(say_the_same(text, statement("https://example.com/p", R"({"n":1.0})"), image));
  EXPECT_FALSE(say_the_same(text, statement("https://example.com/q", R"({"n":1})"), image));
  EXPECT_FALSE(say_the_same(text, "{}", image));
}

TEST(Envelope, ALargePayloadIsWrittenInPieces) {
  const std::string payload(1000000, 'x');
  std::size_t largest = 0;
  std::string joined;
  EXPECT_TRUE(write_envelope("t", payload, as_bytes("sig"), [&](std::string_view piece) -> Result<void> {
    largest = std::max(largest, piece.size());
    joined += piece;
    return {};
  }));
  EXPECT_LE(largest, 300000u);
  EXPECT_EQ(joined, write_envelope("t", payload, as_bytes("sig")));
  EXPECT_EQ(Envelope::parse(joined)->payload, payload);
  EXPECT_TRUE(joined.ends_with(R"(","payloadType":"t","signatures":[{"sig":"c2ln"}]})"));
}

TEST(Envelope, ASinkThatFailsEndsIt) {
  int calls = 0;
  const auto written =
      write_envelope("t", std::string(1000000, 'x'), as_bytes("sig"), [&](std::string_view) -> Result<void> {
        if (++calls == 2) return fail(Code::unavailable, "full");
        return {};
      });
  EXPECT_EQ(written.error().message, "full");
  EXPECT_EQ(calls, 2);
}

TEST(Envelope, AnEscapedPayloadIsReadToo) {
  const auto envelope =
      Envelope::parse(R"({"payload":"\u0065\/8\u003d","payloadType":"t","signatures":[{"sig":"AA=="}]})");
  ASSERT_TRUE(envelope) << envelope.error().text();
  EXPECT_EQ(envelope->payload, "\x7b\xff");
}

}  // namespace
}  // namespace sigstore::payload
