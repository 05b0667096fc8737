#include "sigstore/payload/simple_signing.h"

#include <gtest/gtest.h>

#include <sstream>

#include "sigstore/base/testing/testdata.h"

namespace sigstore::payload {
namespace {

namespace json = codec::json;

const oci::Digest image = oci::Digest::sha256("image");

std::string payload_text(const std::string& critical, const std::string& more = {}) {
  return R"({"critical":{)" + critical + "}" + more + "}";
}
const std::string image_member = R"("image":{"docker-manifest-digest":")" + image.text() + R"("})";

oci::Annotations annotations_of(const json::Object& object) {
  oci::Annotations out;
  for (const auto& [name, value] : object.members()) out[name] = *value.string();
  return out;
}

// --- foreign

TEST(SimpleSigning, TheSamePayloadAsRealCosignGenerate) {
  std::istringstream lines(fakes::read_testdata(TESTDATA "/simple-signing.txt"));
  std::string annotations, expected;
  std::getline(lines, annotations);  // the comment
  int compared = 0;
  while (std::getline(lines, annotations) && std::getline(lines, expected)) {
    const auto given = *json::parse(annotations, "annotations");
    const auto parsed = SimpleSigning::parse(expected);
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(write_simple_signing(parsed->docker_reference, parsed->manifest_digest,
                                   annotations_of(*given.object())),
              expected);
    EXPECT_EQ(annotations_of(parsed->optional), annotations_of(*given.object()));
    EXPECT_EQ(parsed->has_optional, !given.object()->empty());
    ++compared;
  }
  EXPECT_EQ(compared, 13);
}

// Bytes that are no UTF-8 are escaped one by one, as Go does.
TEST(SimpleSigning, InvalidUtf8BecomesTheReplacementCharacter) {
  EXPECT_TRUE(write_simple_signing("r", image, {{"bad", "\xff\xc3(x"}})
                  .ends_with(R"("optional":{"bad":"\ufffd\ufffd(x"}})"));
}

TEST(SimpleSigning, EveryPayloadOfTheFixturesIsReadAndWrittenTheSame) {
  int compared = 0;
  for (const auto& path : fakes::testdata_below(SOURCE_ROOT "/test/interop/testdata")) {
    const auto text = fakes::read_testdata(path);
    if (!path.contains("/blobs/sha256/") || !text.starts_with(R"({"critical")")) continue;
    const auto parsed = SimpleSigning::parse(text);
    ASSERT_TRUE(parsed) << path << ": " << parsed.error().text();
    EXPECT_EQ(parsed->type, simple_signing_type);
    EXPECT_EQ(write_simple_signing(parsed->docker_reference, parsed->manifest_digest,
                                   annotations_of(parsed->optional)),
              text);
    ++compared;
  }
  EXPECT_GE(compared, 16);
}

// podman and skopeo sign the same form with their own `optional`, whose members are no text.
TEST(SimpleSigning, OptionalMembersMayBeOfAnyType) {
  const auto parsed = SimpleSigning::parse(payload_text(
      R"("type":"cosign container image signature",)" + image_member +
          R"(,"identity":{"docker-reference":"r.example/app:1"})",
      R"(,"optional":{"creator":"containers/image 5.21.1","timestamp":1700000000,"deep":{"x":[null]}})"));
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->docker_reference, "r.example/app:1");
  EXPECT_EQ(parsed->optional.size(), 3u);
}

// --- how lenient, how strict

TEST(SimpleSigning, IsLenientOnOrderSpaceAndExtraMembers) {
  for (const std::string& text :
       {payload_text(image_member), payload_text(R"("vendor":[1],)" + image_member, R"(,"more":true)"),
        R"( { "optional" : {}, "critical" : { )" + image_member + " } }\n",
        payload_text(image_member + R"(,"identity":null,"type":"")", R"(,"optional":null)")}) {
    const auto parsed = SimpleSigning::parse(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().text();
    EXPECT_EQ(parsed->manifest_digest, image);
    EXPECT_EQ(parsed->docker_reference, "");
  }
}

TEST(SimpleSigning, NullAndAnEmptyObjectAreToldApart) {
  EXPECT_FALSE(SimpleSigning::parse(payload_text(image_member))->has_optional);
  EXPECT_FALSE(SimpleSigning::parse(payload_text(image_member, R"(,"optional":null)"))->has_optional);
  EXPECT_TRUE(SimpleSigning::parse(payload_text(image_member, R"(,"optional":{})"))->has_optional);
}

TEST(SimpleSigning, RefusesWhatNamesNoImage) {
  const std::string digest = R"("image":{"docker-manifest-digest":)";
  const std::vector<std::string> malformed = {
      "",
      "text",
      "null",
      "[]",
      "{}",
      R"({"critical":null})",
      R"({"critical":[]})",
      payload_text(""),
      payload_text(R"("image":null)"),
      payload_text(R"("image":{})"),
      payload_text(digest + "null}"),
      payload_text(digest + "1}"),
      payload_text(digest + R"(""})"),
      payload_text(digest + R"("sha256:abc"})"),
      payload_text(digest + "\"" + std::string(image.hex()) + "\"}"),
      payload_text(digest + "\"" + image.text() + " \"}"),
      payload_text(digest + "\"SHA256:" + std::string(image.hex()) + "\"}"),
      payload_text(image_member + R"(,"type":1)"),
      payload_text(image_member + R"(,"identity":"r")"),
      payload_text(image_member + R"(,"identity":{"docker-reference":1})"),
      payload_text(image_member, R"(,"optional":"x")"),
      payload_text(image_member, R"(,"optional":[])"),
      payload_text(image_member) + "{}",
      payload_text(image_member) + std::string(1, '\0'),
      "\xef\xbb\xbf" + payload_text(image_member),
  };
  for (const auto& text : malformed) {
    const auto parsed = SimpleSigning::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::malformed) << text;
    EXPECT_FALSE(parsed.error().message.empty());
  }
}

// Two readers must not see two digests in one signed payload.
TEST(SimpleSigning, DuplicateKeysAreRefused) {
  const std::string other =
      R"("image":{"docker-manifest-digest":")" + oci::Digest::sha256("x").text() + R"("})";
  EXPECT_EQ(SimpleSigning::parse(payload_text(image_member + "," + other)).error().code, Code::malformed);
  EXPECT_EQ(SimpleSigning::parse(payload_text(image_member, R"(,"critical":{)" + other + "}")).error().code,
            Code::malformed);
  EXPECT_EQ(
      SimpleSigning::parse(payload_text(image_member, R"(,"optional":{"a":"1","\u0061":"2"})")).error().code,
      Code::malformed);
}

TEST(SimpleSigning, DepthIsBounded) {
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  EXPECT_EQ(SimpleSigning::parse(payload_text(image_member, R"(,"x":)" + deep)).error().code,
            Code::too_large);
}

}  // namespace
}  // namespace sigstore::payload
