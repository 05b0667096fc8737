// Foreign timestamps: the fixtures of rfc3161-client and those in Sigstore's bundles. They live outside the
// repository: SIGSTORE_VECTORS.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/timestamp/token.h"

namespace sigstore::timestamp {
namespace {

namespace json = codec::json;
using crypto::x509::Certificate;

// As a trusted root has it: the authority's own certificate first when there is more than one.
TimestampAuthority authority(std::vector<Certificate> chain, bool leaf_is_known = true) {
  TimestampAuthority out;
  if (leaf_is_known && chain.size() > 1) out.leaf = chain.front();
  if (chain.size() > 1) chain.erase(chain.begin());
  out.authority = crypto::x509::Authority::from_chain(std::move(chain)).value();
  return out;
}

std::vector<Certificate> chain_of(const std::string& folder) {
  const std::string text = fakes::read_testdata(folder + "/ts_chain.pem");
  if (text.starts_with('\x30')) return {Certificate::parse(as_bytes(text)).value()};
  return Certificate::parse_pem(text, "chain").value();
}

struct Case {
  const char* file;  // below rfc3161/
  Code code;         // internal: it verifies, by the certificate that is in it and by the known one
  const char* text = "";
  bool embedded = true;
};

class Rfc3161 : public ::testing::TestWithParam<Case> {};

TEST_P(Rfc3161, IsJudged) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const auto& expected = GetParam();
  const std::string path = *vectors + "/rfc3161/" + expected.file;
  const std::string folder = std::filesystem::path(path).parent_path();
  const bool mock = folder.ends_with("mock");
  const std::string message = mock ? fakes::read_testdata(folder + "/payload") : "hello";
  const auto token = Token::parse(as_bytes(fakes::read_testdata(path)));
  ASSERT_TRUE(token) << token.error().text();
  for (const bool leaf_is_known : {true, false}) {
    const auto time = verify(*token, as_bytes(message), authority(chain_of(folder), leaf_is_known));
    if (expected.code == Code::internal && (leaf_is_known || expected.embedded)) {
      ASSERT_TRUE(time) << time.error().text();
      EXPECT_EQ(*time, token->time());
      EXPECT_FALSE(verify(*token, as_bytes(message + "x"), authority(chain_of(folder), leaf_is_known)));
    } else {
      ASSERT_FALSE(time);
      EXPECT_EQ(time.error().code, expected.embedded ? expected.code : Code::mismatch) << time.error().text();
    }
    if (!time && expected.embedded) {
      EXPECT_TRUE(time.error().text().starts_with(expected.text)) << time.error().text();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, Rfc3161,
    ::testing::Values(Case{"identrust/issue-104.tsr", Code::internal},
                      Case{"sigstage/response-sha256.tsr", Code::internal},
                      Case{"sigstage/response-sha384.tsr", Code::internal},
                      Case{"sigstage/response-sha512.tsr", Code::internal},
                      Case{"sigstage/response-no-embedded-cert.tsr", Code::internal, "", false},
                      Case{"sigstage/response-invalid-signature.tsr", Code::bad_signature,
                           "the timestamp's signature does not verify"},
                      Case{"sigstore.mock/response-expired.tsr", Code::internal, "", false},
                      Case{"test_tsa/response.tsr", Code::internal},
                      Case{"test_tsa/other_response.tsr", Code::mismatch},
                      Case{"test_tsa/response-injected-certs.tsr", Code::internal}));

// --- in bundles

Bytes decode(const json::Value* text) {  // one of them has line breaks in it
  return codec::base64::decode_lines(*text->string()).value();
}

std::vector<Certificate> chain_of(const json::Value& authority) {
  std::vector<Certificate> out;
  for (const auto& certificate : *authority.get("certChain")->get("certificates")->array())
    out.push_back(Certificate::parse(decode(certificate.get("rawBytes"))).value());
  return out;
}

// The signature that a bundle's timestamp is about.
Bytes signature_of(const json::Value& bundle) {
  if (const auto* message = bundle.get("messageSignature")) return decode(message->get("signature"));
  return decode((*bundle.get("dsseEnvelope")->get("signatures")->array())[0].get("sig"));
}

std::string judge_bundle(const std::string& vectors, const std::string& folder) {
  const std::string own = folder + "/trusted_root.json";
  const auto root = json::parse(
      fakes::read_testdata(
          std::filesystem::exists(own) ? own : vectors + "/sigstore-bundles/production_trusted_root.json"),
      "root");
  const auto bundle = json::parse(fakes::read_testdata(folder + "/bundle.sigstore.json"), "bundle");
  if (!bundle || !bundle->get("verificationMaterial")) return "no bundle";
  const auto* data = bundle->get("verificationMaterial")->get("timestampVerificationData");
  if (data == nullptr || data->get("rfc3161Timestamps") == nullptr) return "no timestamp";
  std::string last = "no authority";
  for (const auto& stamp : *data->get("rfc3161Timestamps")->array()) {
    const auto token = Token::parse(decode(stamp.get("signedTimestamp")));
    if (!token) return token.error().text();
    const auto* authorities = root->get("timestampAuthorities");
    if (authorities == nullptr) return last;
    for (const auto& one : *authorities->array()) {
      const auto time = verify(*token, signature_of(*bundle), authority(chain_of(one)));
      if (time) return codec::rfc3339::seconds(*time);
      last = time.error().text();
    }
  }
  return last;
}

TEST(TimestampsOfBundles, AreJudged) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const std::pair<const char*, const char*> cases[] = {
      {"bundle-with-sct-with-extensions", "2026-01-15T22:49:26Z"},
      {"managed-key-no-key_fail", "2025-12-18T17:04:39Z"},
      {"rekor2-checkpoint-missing-root-hash_fail", "2025-06-12T12:02:20Z"},
      {"rekor2-checkpoint-multiple-cosigs", "2025-06-12T12:02:20Z"},
      {"rekor2-checkpoint-two-sigs-cosigned", "2025-06-12T12:02:20Z"},
      {"rekor2-checkpoint-two-sigs-from-origin", "2025-06-12T12:02:20Z"},
      {"rekor2-dsse-happy-path", "2026-05-13T19:23:33Z"},
      {"rekor2-no-timestamp_fail", "no timestamp"},
      {"rekor2-timestamp-with-embedded-cert", "2025-08-06T18:51:36Z"},
      {"rekor2-timestamp-with-expired-cert-chain", "2025-08-07T15:32:26Z"},
      {"rekor2-timestamp-with-incorrect-time_fail", "2025-07-15T10:33:31Z"},  // a good one, at another time
      {"trust-root-tsa-validity-end-inclusive", "2025-06-12T12:02:20Z"}};
  for (const auto& [name, expected] : cases)
    EXPECT_EQ(judge_bundle(*vectors, *vectors + "/sigstore-bundles/" + name), expected) << name;
}

TEST(TimestampsOfBundles, OutsideOfTheAuthoritysCertificate) {
  const auto vectors = fakes::vectors_folder();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const auto said =
      judge_bundle(*vectors, *vectors + "/sigstore-bundles/rekor2-timestamp-outside-tsa-cert-validity_fail");
  EXPECT_NE(said.find("was not valid at 2025-08-07T15:38:32Z"), std::string::npos) << said;
}

}  // namespace
}  // namespace sigstore::timestamp
