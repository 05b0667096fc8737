// Wycheproof's vectors for signature verification. They live outside the repository: SIGSTORE_VECTORS.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/crypto/message.h"

namespace sigstore::crypto {
namespace {

namespace json = codec::json;

struct Suite {
  const char* file;
  Scheme scheme;
  bool other = false;  // the signatures are of another algorithm, but for one that says so
};

class Wycheproof : public ::testing::TestWithParam<Suite> {};

Bytes unhex(const json::Value& object, std::string_view key) {
  const auto bytes = codec::hex::decode(*object.get(key)->string());
  EXPECT_TRUE(bytes) << key;
  return bytes.value_or(Bytes());
}

std::string read_vectors(const char* file) {
  std::ifstream stream(std::string(std::getenv("SIGSTORE_VECTORS")) + "/wycheproof/" + file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// "acceptable" (a DigestInfo without NULL) is to be refused, as Go refuses it.
bool is_valid(const json::Value& test, const Suite& suite) {
  if (suite.other) return *test.get("comment")->string() == "PKCS #1 v1.5 signature with SHA-256";
  // A salt of any length is taken.
  if (suite.scheme == Scheme::rsa_pss_sha256 && test.get("comment")->string()->starts_with("s_len changed"))
    return true;
  return *test.get("result")->string() == "valid";
}

TEST_P(Wycheproof, AcceptsValidAndRefusesInvalid) {
  if (std::getenv("SIGSTORE_VECTORS") == nullptr) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  const auto document = json::parse(read_vectors(GetParam().file), GetParam().file);
  ASSERT_TRUE(document) << document.error().text();
  int tried = 0;
  for (const auto& group : *document->get("testGroups")->array()) {
    const auto key = PublicKey::from_spki(unhex(group, "publicKeyDer"));
    ASSERT_TRUE(key) << key.error().text();
    for (const auto& test : *group.get("tests")->array()) {
      const Bytes message = unhex(test, "msg"), signature = unhex(test, "sig");
      const bool good = key->verify(GetParam().scheme, message, signature).has_value();
      PassingMessage passing;
      passing.expect(*key, GetParam().scheme, signature);
      passing.update(message);
      passing.finish();
      EXPECT_EQ(passing.verify(*key, GetParam().scheme, signature).has_value(), good);
      const bool valid = is_valid(test, GetParam());
      EXPECT_EQ(good, valid) << test.get("tcId")->number()->text << " " << *test.get("comment")->string();
      ++tried;
    }
  }
  EXPECT_GT(tried, 100);
}

INSTANTIATE_TEST_SUITE_P(
    Files, Wycheproof,
    ::testing::Values(Suite{"ecdsa_secp256r1_sha256_test.json", Scheme::ecdsa_sha256},
                      Suite{"ecdsa_secp384r1_sha384_test.json", Scheme::ecdsa_sha384},
                      Suite{"ecdsa_secp521r1_sha512_test.json", Scheme::ecdsa_sha512},
                      Suite{"ed25519_test.json", Scheme::ed25519},
                      Suite{"rsa_signature_2048_sha256_test.json", Scheme::rsa_pkcs1_sha256},
                      Suite{"rsa_signature_3072_sha256_test.json", Scheme::rsa_pkcs1_sha256},
                      Suite{"rsa_signature_4096_sha256_test.json", Scheme::rsa_pkcs1_sha256},
                      Suite{"rsa_pss_2048_sha256_mgf1_32_test.json", Scheme::rsa_pkcs1_sha256, true},
                      Suite{"rsa_pss_2048_sha256_mgf1_32_test.json", Scheme::rsa_pss_sha256}));

}  // namespace
}  // namespace sigstore::crypto
