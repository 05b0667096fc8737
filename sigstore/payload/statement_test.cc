#include "sigstore/payload/statement.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/base64.h"

namespace sigstore::payload {
namespace {

namespace json = codec::json;

const oci::Digest image = oci::Digest::sha256("image");
const std::string digest_member = R"("digest":{"sha256":")" + std::string(image.hex()) + R"("})";

std::string statement_text(const std::string& subject, const std::string& type = std::string(statement_v1),
                           const std::string& more = R"(,"predicateType":"https://example.com/p")") {
  return R"({"_type":")" + type + R"(","subject":)" + subject + more + "}";
}

// The statements in the envelopes that real cosign wrote, below test/interop/testdata.
std::vector<std::string> foreign_statements() {
  std::vector<std::string> out;
  for (const auto& path : fakes::testdata_below(SOURCE_ROOT "/test/interop/testdata")) {
    if (!path.contains("/blobs/")) continue;
    const auto document = json::parse(fakes::read_testdata(path), path);
    if (!document) continue;
    const auto* envelope = document->get("dsseEnvelope");
    const auto parsed = Envelope::parse(json::write_plain(envelope == nullptr ? *document : *envelope));
    if (parsed) out.push_back(parsed->payload);
  }
  return out;
}

// --- foreign

TEST(Statement, EveryStatementOfTheFixturesIsRead) {
  const auto statements = foreign_statements();
  EXPECT_GE(statements.size(), 12u);
  for (const auto& text : statements) {
    const auto statement = Statement::parse(text);
    ASSERT_TRUE(statement) << text << ": " << statement.error().text();
    ASSERT_EQ(statement->subjects.size(), 1u);
    const auto digest = oci::Digest::parse("sha256:" + statement->subjects[0].digests.at("sha256"));
    EXPECT_EQ(statement->subject_for(*digest), &statement->subjects[0]);
    EXPECT_EQ(statement->subject_for(image), nullptr);
  }
}

// cosign 3.1.2, `sign` with -a env=prod and without: byte for byte.
TEST(Statement, TheStatementOfSignIsThatOfRealCosign) {
  const auto foreign = foreign_statements();
  const oci::Digest signed_image =
      *oci::Digest::parse("sha256:bef8bf1b8d68d125895f974c724e19c1f4becf59aea063bacf80dfefb005f80c");
  for (const oci::Annotations& annotations : {oci::Annotations{}, oci::Annotations{{"env", "prod"}}})
    EXPECT_NE(std::ranges::find(foreign, write_sign_statement(signed_image, annotations)), foreign.end());
}

// protojson, unlike encoding/json, leaves < > and & alone.
TEST(Statement, TheStatementOfSignKeepsItsAnnotations) {
  const oci::Annotations annotations{{"b", "<a&b>"}, {"a", "\u2028\n"}, {"", ""}};
  const auto text = write_sign_statement(image, annotations);
  EXPECT_NE(text.find("<a&b>"), std::string::npos);
  const auto statement = *Statement::parse(text);
  EXPECT_EQ(statement.type, statement_v1);
  EXPECT_EQ(statement.predicate_type, cosign_sign_predicate);
  EXPECT_EQ(statement.subject_for(image)->annotations, annotations);
  EXPECT_EQ(statement.subjects[0].name, "");
  EXPECT_EQ(statement.predicate->in(text), "{}");
}

// --- how strict

TEST(Statement, BothVersionsAreReadAndNoOther) {
  const std::string subject = "[{" + digest_member + "}]";
  for (const auto type : {statement_v01, statement_v1})
    EXPECT_TRUE(Statement::parse(statement_text(subject, std::string(type))));
  for (const char* type : {"", "https://in-toto.io/Statement/v2", "https://in-toto.io/statement/v1"})
    EXPECT_EQ(Statement::parse(statement_text(subject, type)).error().code, Code::malformed) << type;
}

TEST(Statement, UnknownMembersAreIgnoredAndKnownOnesAreNot) {
  EXPECT_TRUE(Statement::parse(statement_text("[{" + digest_member + R"(,"uri":"x","content":"eA=="}])")));
  const std::string good = "[{" + digest_member + "}]";
  const std::vector<std::string> malformed = {
      "",
      "[]",
      "null",
      "{}",
      statement_text("null"),
      statement_text("[]"),
      statement_text("{}"),
      statement_text("[null]"),
      statement_text("[1]"),
      statement_text(R"([{"digest":[]}])"),
      statement_text(R"([{"digest":{"sha256":1}}])"),
      statement_text(R"([{"digest":{"sha256":null}}])"),
      statement_text(R"([{"name":1}])"),
      statement_text(R"([{"annotations":"x"}])"),
      statement_text(good, std::string(statement_v1), ""),
      statement_text(good, std::string(statement_v1), R"(,"predicateType":"")"),
      statement_text(good, std::string(statement_v1), R"(,"predicateType":1)"),
      R"({"subject":)" + good + R"(,"predicateType":"p"})",
      // twice: two readers must not see two statements
      statement_text(good, std::string(statement_v1), R"(,"predicateType":"a","predicateType":"b")"),
      statement_text("[{" + digest_member + "," + digest_member + "}]"),
      statement_text(R"([{"digest":{"sha256":"a","sha256":"b"}}])"),
  };
  for (const auto& text : malformed) {
    const auto statement = Statement::parse(text);
    ASSERT_FALSE(statement) << text;
    EXPECT_EQ(statement.error().code, Code::malformed) << text;
  }
}

TEST(Statement, CountsAreBounded) {
  std::string subjects = "[{" + digest_member + "}";
  for (std::size_t i = 0; i < limits::statement_subjects; ++i) subjects += ",{" + digest_member + "}";
  EXPECT_EQ(Statement::parse(statement_text(subjects + "]")).error().code, Code::too_large);
  std::string digests = R"([{"digest":{)";
  for (std::size_t i = 0; i <= limits::digests_per_subject; ++i)
    digests += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":"")";
  EXPECT_EQ(Statement::parse(statement_text(digests + "}}]")).error().code, Code::too_large);
  std::string annotations = R"([{"annotations":{)";
  for (std::size_t i = 0; i <= limits::annotations; ++i)
    annotations += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":"")";
  EXPECT_EQ(Statement::parse(statement_text(annotations + "}}]")).error().code, Code::too_large);
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(Statement::parse(statement_text("[{" + digest_member + "}]", std::string(statement_v1),
                                            R"(,"predicateType":"p","predicate":)" + deep))
                .error()
                .code,
            Code::too_large);
}

// --- subjects

TEST(Statement, TheSubjectIsFoundByAlgorithmAndHex) {
  const std::string sha512(128, 'b');
  const auto statement = *Statement::parse(statement_text(
      R"([{"name":"a","digest":{"sha1":"00","sha256":"AA"}},{"name":"b","digest":{"sha512":")" + sha512 +
      R"(",)" + digest_member.substr(10) + R"(},{"name":"c"},{"name":"d",)" + digest_member + "}]"));
  EXPECT_EQ(statement.subject_for(image)->name, "b");
  EXPECT_EQ(statement.subject_for(*oci::Digest::parse("sha512:" + sha512))->name, "b");
  EXPECT_EQ(statement.subject_for(oci::Digest()), nullptr);
  EXPECT_EQ(statement.subject_for(oci::Digest::sha256("other")), nullptr);
}

// Hex in upper case is another text: a digest is compared as it stands.
TEST(Statement, UpperCaseHexMatchesNothing) {
  std::string upper(image.hex());
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  const auto statement = *Statement::parse(statement_text(R"([{"digest":{"sha256":")" + upper + R"("}}])"));
  EXPECT_EQ(statement.subject_for(image), nullptr);
}

TEST(Statement, AnnotationsThatAreNoTextClaimNothing) {
  const auto statement =
      *Statement::parse(statement_text("[{" + digest_member + R"(,"annotations":{"n":1,"t":"x","o":{}}}])"));
  EXPECT_EQ(statement.subjects[0].annotations, (oci::Annotations{{"t", "x"}}));
}

// --- envelopes

// secure-systems-lab/dsse, protocol.md: "hello world" of type http://example.com/HelloWorld.
TEST(Envelope, ThePreAuthenticationEncodingIsThatOfTheSpecification) {
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(pre_authentication_encoding("", ""), "DSSEv1 0  0 ");
  // Lengths are of bytes.
  EXPECT_EQ(pre_authentication_encoding("é", std::string("\0\xff", 2)),
            std::string("DSSEv1 2 é 2 \0\xff", 16));
}

std::string envelope_text(const std::string& signatures, const std::string& payload = "eyJ4IjoxfQ==",
                          const std::string& type = "application/vnd.in-toto+json") {
  return R"({"payload":")" + payload + R"(","payloadType":")" + type + R"(","signatures":)" + signatures +
         "}";
}

TEST(Envelope, IsReadInBothAlphabets) {
  const std::string payload = "\xfb\xff\xfe?";
  for (const std::string text : {"+//+Pw==", "-__-Pw==", "-__-Pw"}) {
    const auto envelope = Envelope::parse(envelope_text(R"([{"sig":")" + text + R"(","keyid":"k"}])", text));
    ASSERT_TRUE(envelope) << envelope.error().text();
    EXPECT_EQ(envelope->payload, payload);
    EXPECT_EQ(to_text(envelope->signatures[0].sig), payload);
    EXPECT_EQ(envelope->signatures[0].keyid, "k");
  }
}

TEST(Envelope, KeepsEverySignatureInItsPlace) {
  const auto envelope =
      *Envelope::parse(envelope_text(R"([{"sig":"AA=="},{"sig":"AQ==","keyid":null},{"sig":"Ag=="}])"));
  ASSERT_EQ(envelope.signatures.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(envelope.signatures[i].sig, Bytes{static_cast<std::uint8_t>(i)});
}

TEST(Envelope, RefusesWhatIsUnsigned) {
  const std::string sig = R"([{"sig":"AA=="}])";
  const std::vector<std::string> malformed = {
      "",
      "{}",
      "[]",
      envelope_text("null"),
      envelope_text("[]"),
      envelope_text("{}"),
      envelope_text("[null]"),
      envelope_text(R"([{"sig":""}])"),
      envelope_text(R"([{"keyid":"k"}])"),
      envelope_text(R"([{"sig":"AA=="},{"sig":""}])"),
      envelope_text(R"([{"sig":"%%"}])"),
      envelope_text(R"([{"sig":"AA==","keyid":1}])"),
      envelope_text(sig, "?"),
      envelope_text(sig, "eyJ4IjoxfQ==", ""),
      R"({"payloadType":"t","signatures":)" + sig + "}",
      R"({"payload":"","signatures":)" + sig + "}",
      R"({"payload":null,"payloadType":"t","signatures":)" + sig + "}",
      R"({"payload":"","payload":"","payloadType":"t","signatures":)" + sig + "}",
  };
  for (const auto& text : malformed) {
    const auto envelope = Envelope::parse(text);
    ASSERT_FALSE(envelope) << text;
    EXPECT_EQ(envelope.error().code, Code::malformed) << text;
  }
  EXPECT_TRUE(Envelope::parse(envelope_text(sig, "")));  // an empty payload is one
}

TEST(Envelope, TheNumberOfSignaturesIsBounded) {
  std::string many = R"([{"sig":"AA=="})";
  for (std::size_t i = 0; i < limits::envelope_signatures; ++i) many += R"(,{"sig":"AA=="})";
  EXPECT_EQ(Envelope::parse(envelope_text(many + "]")).error().code, Code::too_large);
}

}  // namespace
}  // namespace sigstore::payload
