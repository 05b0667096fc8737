#include "sigstore/trust/trusted_root.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/proto_fields.h"
#include "sigstore/trust/schema.h"

namespace sigstore::trust {
namespace {

namespace json = codec::json;

const std::string& real_root() {
  static const std::string text = fakes::read_testdata(TESTDATA "/trusted_root_of_cosign_3.1.2.json");
  return text;
}

// protojson puts a blank behind each comma, or behind none: it depends on the build of the program.
std::string without_blanks(std::string text) {
  for (std::size_t at = 0; (at = text.find(", ", at)) != std::string::npos;) text.erase(at + 1, 1);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TrustedRoot parsed(std::string_view text) {
  auto root = TrustedRoot::parse(text, "root.json");
  EXPECT_TRUE(root.has_value()) << (root ? "" : root.error().text());
  return root ? *root : TrustedRoot();
}

Error refusal(std::string_view text) {
  const auto root = TrustedRoot::parse(text, "root.json");
  EXPECT_FALSE(root.has_value()) << text;
  return root ? Error() : root.error();
}

Time at(std::string_view text) {
  return codec::proto_json::time_at(json::Object{{"t", text}}, "t").value();
}

// One log, whose fields a test replaces.
std::string with_log(std::string_view log) {
  return R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[)" +
         std::string(log) + "]}";
}
constexpr std::string_view good_log =
    R"({"baseUrl":"https://log.example.com/x","hashAlgorithm":"SHA2_256","publicKey":{"rawBytes":)"
    R"("MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=","keyDetails":"PKIX_ED25519","validFor":)"
    R"({"start":"2025-09-23T00:00:00Z","end":"2026-09-23T00:00:00Z"}},"logId":{"keyId":"AAEC"},)"
    R"("checkpointKeyId":{"keyId":"AwQF"},"operator":"example.com"})";

std::string changed_log(std::string_view from, std::string_view to) {
  return with_log(replaced(std::string(good_log), from, to));
}

TEST(TrustedRoot, ReadsWhatCosignWrites) {
  const auto root = parsed(real_root());
  ASSERT_EQ(root.tlogs.size(), 2U);
  EXPECT_EQ(root.tlogs[0].base_url, "https://r");
  EXPECT_EQ(root.tlogs[0].key_details, "PKIX_ECDSA_P256_SHA_256");
  EXPECT_EQ(root.tlogs[0].log_id.size(), 32U);
  EXPECT_EQ(root.tlogs[0].valid.start, at("2024-01-01T00:00:00Z"));
  EXPECT_EQ(root.tlogs[0].valid.end, std::nullopt);
  EXPECT_EQ(root.tlogs[0].key()->type(), crypto::KeyType::ecdsa_p256);
  EXPECT_EQ(root.tlogs[1].key()->type(), crypto::KeyType::ecdsa_p384);
  ASSERT_EQ(root.ctlogs.size(), 1U);
  EXPECT_EQ(root.ctlogs[0].valid.end, Time::max());
  ASSERT_EQ(root.certificate_authorities.size(), 1U);
  const auto& authority = root.certificate_authorities[0];
  EXPECT_EQ(authority.organization, "Acme");
  EXPECT_EQ(authority.common_name, "second");
  EXPECT_EQ(authority.uri, "https://f");
  EXPECT_EQ(authority.chain.size(), 1U);
  EXPECT_TRUE(authority.chain[0].is_ca());
  EXPECT_EQ(authority.valid.start, at("2023-12-31T22:00:00.5Z"));
  EXPECT_EQ(authority.valid.end, at("2025-01-01T00:00:00Z"));
  ASSERT_EQ(root.timestamp_authorities.size(), 1U);
  EXPECT_EQ(root.timestamp_authorities[0].chain.size(), 2U);
  EXPECT_FALSE(root.timestamp_authorities[0].chain[0].is_ca());
}

TEST(TrustedRoot, WritesWhatCosignWrites) {
  auto root = parsed(real_root());
  const auto expected = replaced(without_blanks(real_root()), "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z");
  EXPECT_EQ(root.write(), expected);
  EXPECT_EQ(parsed(root.write()), root);
  EXPECT_EQ(TrustedRoot().write(),
            R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"})");
}

TEST(TrustedRoot, KeepsEveryFieldOfALog) {
  const auto root = parsed(with_log(good_log));
  ASSERT_EQ(root.tlogs.size(), 1U);
  const auto& log = root.tlogs[0];
  EXPECT_EQ(log.log_id, (Bytes{0, 1, 2}));
  EXPECT_EQ(log.checkpoint_key_id, (Bytes{3, 4, 5}));
  EXPECT_EQ(log.operator_name, "example.com");
  EXPECT_EQ(log.key()->type(), crypto::KeyType::ed25519);
  EXPECT_EQ(log.origin().value(), "log.example.com");
  EXPECT_EQ(root.write(), with_log(good_log));
}

TEST(TrustedRoot, ReadsBothSpellingsOfNamesAndBothAlphabets) {
  auto text = changed_log("baseUrl", "base_url");
  text = replaced(text, "checkpointKeyId", "checkpoint_key_id");
  text = replaced(text, "AAEC", "-_8");
  text = replaced(text, "mediaType", "media_type");
  EXPECT_EQ(parsed(text).tlogs.at(0).log_id, (Bytes{0xfb, 0xff}));
}

TEST(TrustedRoot, ReadsTimesWithFractionsAndOffsets) {
  const auto root = parsed(changed_log("2025-09-23T00:00:00Z", "2025-09-23T02:30:00.25+02:30"));
  EXPECT_EQ(root.tlogs.at(0).valid.start, at("2025-09-23T00:00:00.25Z"));
}

TEST(TrustedRoot, HasTimesWithBothEnds) {
  const auto range = parsed(with_log(good_log)).tlogs.at(0).valid;
  EXPECT_TRUE(range.contains(at("2025-09-23T00:00:00Z")));
  EXPECT_FALSE(range.contains(at("2025-09-22T23:59:59.999999999Z")));
  EXPECT_TRUE(range.contains(at("2026-09-23T00:00:00Z")));
  EXPECT_FALSE(range.contains(at("2026-09-23T00:00:00.000000001Z")));
  EXPECT_TRUE(TimeRange().contains(at("1700-01-01T00:00:00Z")));
}

TEST(TrustedRoot, RefusesOtherDocuments) {
  for (const char* text :
       {"{}", R"({"mediaType":null})", R"({"mediaType":""})", R"({"mediaType":1})", "[]", "1"}) {
    EXPECT_EQ(refusal(text).code, Code::unsupported) << text;
    EXPECT_EQ(refusal(text).message, "root.json is not a trusted root") << text;
    EXPECT_EQ(refusal(text).cause, "it has no mediaType") << text;
  }
  const auto error = refusal(R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.2"})");
  EXPECT_EQ(error.code, Code::unsupported);
  EXPECT_EQ(error.message, "root.json is not a trusted root that can be read");
  EXPECT_EQ(error.cause, R"(its mediaType is "application/vnd.dev.sigstore.trustedroot+json;version=0.2")");
  EXPECT_EQ(error.hint, "a trusted root says application/vnd.dev.sigstore.trustedroot+json;version=0.1");
  EXPECT_EQ(refusal("").code, Code::malformed);
  EXPECT_EQ(refusal("{").message, "root.json is not valid JSON");
}

struct Bad {
  std::string_view from, to, cause;
  Code code = Code::malformed;
};

TEST(TrustedRoot, RefusesLogsThatLackSomething) {
  const Bad cases[] = {
      {R"("logId":{"keyId":"AAEC"},)", "", "tlogs[0]: its logId is missing"},
      {R"("logId":{"keyId":"AAEC"},)", R"("logId":{},)", "tlogs[0]: its logId is missing"},
      {R"("logId":{"keyId":"AAEC"},)", R"("logId":{"keyId":""},)", "tlogs[0]: its logId is missing"},
      {R"("logId":{"keyId":"AAEC"},)", R"("logId":null,)", "tlogs[0]: its logId is missing"},
      {R"("rawBytes":"MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=",)", "",
       "tlogs[0]: its publicKey is missing"},
      {R"("start":"2025-09-23T00:00:00Z",)", "", "tlogs[0]: the start of its key's validity is missing"},
      {R"(,"validFor":{"start":"2025-09-23T00:00:00Z","end":"2026-09-23T00:00:00Z"})", "",
       "tlogs[0]: the start of its key's validity is missing"},
      {"2026-09-23", "2025-09-22", "tlogs[0]: its validity ends before it starts"},
      {R"("hashAlgorithm":"SHA2_256",)", "", "tlogs[0]: its hashAlgorithm is missing", Code::unsupported},
      {"SHA2_256", "SHA2_512", "tlogs[0]: its hashAlgorithm SHA2_512 is not supported", Code::unsupported},
      {R"("SHA2_256")", "77", "tlogs[0]: its hashAlgorithm 77 is not supported", Code::unsupported},
  };
  for (const auto& [from, to, cause, code] : cases) {
    const auto error = refusal(changed_log(from, to));
    EXPECT_EQ(error.code, code) << to;
    EXPECT_EQ(error.message, "root.json is not a valid trusted root") << to;
    EXPECT_EQ(error.cause, cause) << to;
  }
}

TEST(TrustedRoot, RefusesFieldsThatAreUnknownOrTwice) {
  const Bad cases[] = {
      {R"("operator":)", R"("extra":1,"operator":)", R"(tlogs[0] has an unknown member "extra")"},
      {R"("operator":)", R"("base_url":"x","operator":)", "tlogs[0] has baseUrl under both of its names"},
      {R"("keyDetails":)", R"("key":1,"keyDetails":)", R"(tlogs[0]: publicKey has an unknown member "key")"},
      {R"("PKIX_ED25519")", R"("PKIX_NEW")", "tlogs[0]: publicKey: keyDetails has an unknown value"},
      {R"("PKIX_ED25519")", "true", "tlogs[0]: publicKey: keyDetails is not a value of an enumeration"},
      {"AAEC", "A", "tlogs[0]: logId: keyId is not base64: "},
      {"2025-09-23T00:00:00Z", "yesterday", "tlogs[0]: publicKey: validFor: start is not a time: "},
      {"2025-09-23T00:00:00Z", "2025-02-30T00:00:00Z",
       "tlogs[0]: publicKey: validFor: start is not a time: "},
      {"2025-09-23T00:00:00Z", "2025-09-23 00:00:00Z",
       "tlogs[0]: publicKey: validFor: start is not a time: "},
  };
  for (const auto& [from, to, cause, code] : cases) {
    const auto error = refusal(changed_log(from, to));
    EXPECT_EQ(error.code, code) << to;
    EXPECT_EQ(error.cause.substr(0, cause.size()), cause) << error.cause;
  }
  const auto twice = refusal(changed_log(R"("operator":)", R"("operator":"a","operator":)"));
  EXPECT_EQ(twice.message, "root.json is not valid JSON");
  EXPECT_NE(twice.cause.find("stands twice"), std::string::npos) << twice.cause;
  EXPECT_EQ(refusal(with_log("null")).cause, "tlogs[0] is null");
  EXPECT_EQ(refusal(with_log("[]")).cause, "tlogs[0] is not a JSON object");
}

TEST(TrustedRoot, RefusesBadAuthorities) {
  auto text = real_root();
  const auto chain = text.find(R"("certChain":{"certificates":[)");
  const auto end = text.find("]}", chain);
  const auto without =
      std::string(text).replace(chain, end + 2 - chain, R"("certChain":{"certificates":[]})");
  EXPECT_EQ(refusal(without).cause, "certificateAuthorities[0]: its certificate chain is empty");
  const auto none = std::string(text).replace(chain, end + 2 - chain, R"("certChain":null)");
  EXPECT_EQ(refusal(none).cause, "certificateAuthorities[0]: its certificate chain is empty");
  const auto empty =
      std::string(text).replace(chain, end + 2 - chain, R"("certChain":{"certificates":[{}]})");
  EXPECT_EQ(refusal(empty).code, Code::malformed);
  EXPECT_TRUE(refusal(empty).cause.starts_with("certificateAuthorities[0]: ")) << refusal(empty).cause;
  std::string many;
  for (std::size_t i = 0; i <= limits::certificates; ++i) many += std::string(i == 0 ? "" : ",") + "{}";
  const auto longer =
      std::string(text).replace(chain, end + 2 - chain, R"("certChain":{"certificates":[)" + many + "]}");
  EXPECT_EQ(refusal(longer).code, Code::too_large);
  EXPECT_EQ(
      refusal(replaced(text, R"("end":"2025-01-01T00:00:00Z")", R"("end":"2022-01-01T00:00:00Z")")).cause,
      "certificateAuthorities[0]: its validity ends before it starts");
}

TEST(TrustedRoot, LeavesTheTimeOfAnAuthorityOpen) {
  const auto text = replaced(
      real_root(), R"("validFor":{"start":"2023-12-31T22:00:00.500Z", "end":"2025-01-01T00:00:00Z"})",
      R"("validFor":null)");
  EXPECT_EQ(parsed(text).certificate_authorities.at(0).valid, TimeRange());
}

TEST(TrustedRoot, BoundsTheNumberOfParties) {
  std::string logs(good_log);
  for (std::size_t i = 1; i < limits::trusted_parties; ++i) logs += "," + std::string(good_log);
  EXPECT_EQ(parsed(with_log(logs)).tlogs.size(), limits::trusted_parties);
  const auto error = refusal(with_log(logs + "," + std::string(good_log)));
  EXPECT_EQ(error.code, Code::too_large);
  EXPECT_EQ(error.message, "root.json has too many tlogs");
  EXPECT_EQ(refusal(std::string(limits::trusted_root_bytes + 1, ' ')).code, Code::too_large);
}

// --- keys, opened when they are asked for

TEST(TrustedRoot, KeepsKeysThatItCannotUse) {
  for (const auto& [details, said] : {std::pair("\"ML_DSA_65\"", "ML_DSA_65"),
                                      {"77", "77"},
                                      {"-5", "-5"},
                                      {"\"PKIX_RSA_PSS_2048_SHA256\"", "PKIX_RSA_PSS_2048_SHA256"},
                                      {"\"PKCS1_RSA_PSS\"", "PKCS1_RSA_PSS"},
                                      {"\"LMS_SHA256\"", "LMS_SHA256"}}) {
    const auto text = changed_log(R"("PKIX_ED25519")", details);
    const auto root = parsed(text);
    EXPECT_EQ(root.tlogs.at(0).key_details, said);
    EXPECT_EQ(root.write(), text);
    const auto key = root.tlogs.at(0).key();
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().code, Code::unsupported);
    EXPECT_EQ(key.error().cause, "its keyDetails are " + std::string(said));
  }
  const auto none = parsed(changed_log(R"("keyDetails":"PKIX_ED25519",)", "")).tlogs.at(0).key();
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().cause, "it has no keyDetails");
}

TEST(TrustedRoot, RefusesAKeyOfAnotherKindThanListed) {
  for (const char* details :
       {"PKIX_ECDSA_P256_SHA_256", "PKIX_ECDSA_P384_SHA_384", "PKIX_RSA_PKCS1V15_2048_SHA256"}) {
    const auto key = parsed(changed_log("PKIX_ED25519", details)).tlogs.at(0).key();
    ASSERT_FALSE(key.has_value()) << details;
    EXPECT_EQ(key.error().code, Code::malformed);
    EXPECT_EQ(key.error().cause, "it is ed25519, and its keyDetails are " + std::string(details));
  }
}

TEST(TrustedRoot, SaysWhichKeyIsBroken) {
  const auto key = parsed(changed_log("MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=", "MCow"))
                       .tlogs.at(0)
                       .key();
  ASSERT_FALSE(key.has_value());
  EXPECT_EQ(key.error().code, Code::malformed);
  EXPECT_EQ(key.error().message, "the key of the log https://log.example.com/x cannot be used");
}

TEST(TrustedRoot, OpensBareRsaKeys) {
  const auto root = parsed(fakes::read_testdata(TESTDATA "/rsa_pkcs1.json"));
  const auto bare = root.tlogs.at(0).key();
  const auto whole = root.tlogs.at(1).key();
  ASSERT_TRUE(bare.has_value()) << bare.error().text();
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(bare->type(), crypto::KeyType::rsa);
  EXPECT_EQ(*bare, *whole);
}

TEST(TrustedRoot, KnowsTheOriginOfALog) {
  const auto origin = [](std::string url) {
    Log log;
    log.base_url = std::move(url);
    return log.origin();
  };
  EXPECT_EQ(origin("https://rekor.example.com").value(), "rekor.example.com");
  EXPECT_EQ(origin("https://rekor.example.com:8080/x?y#z").value(), "rekor.example.com");
  EXPECT_EQ(origin("http://user@rekor.example.com").value(), "rekor.example.com");
  EXPECT_EQ(origin("https://[::1]:80/x").value(), "::1");
  EXPECT_EQ(origin("https://h?a@b").value(), "h");
  for (const char* url :
       {"", "rekor.example.com", "https://", "https:///x", "https://:80", "https://[::1", "//h"}) {
    ASSERT_FALSE(origin(url).has_value()) << url;
    EXPECT_EQ(origin(url).error().code, Code::malformed);
  }
}

TEST(TrustedRoot, ReadsTheProductionRoot) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const auto root = parsed(fakes::read_testdata(*vectors + "/sigstore-bundles/production_trusted_root.json"));
  EXPECT_EQ(root.tlogs.size(), 2U);
  EXPECT_EQ(root.certificate_authorities.size(), 2U);
  EXPECT_EQ(root.ctlogs.size(), 2U);
  EXPECT_EQ(root.timestamp_authorities.size(), 1U);
  for (const auto& log : root.tlogs) EXPECT_TRUE(log.key().has_value());
  for (const auto& log : root.ctlogs) EXPECT_TRUE(log.key().has_value());
  EXPECT_EQ(root.tlogs[1].origin().value(), "log2025-1.rekor.sigstore.dev");
  EXPECT_EQ(root.certificate_authorities[0].valid.end, at("2022-12-31T23:59:59.999Z"));
  EXPECT_EQ(parsed(root.write()), root);
}

}  // namespace
}  // namespace sigstore::trust
