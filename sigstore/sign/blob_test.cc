#include "sigstore/sign/blob.h"

#include <gtest/gtest.h>

#include "sigstore/codec/hex.h"
#include "sigstore/verify/judge.h"

namespace sigstore::sign {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;

const std::string_view text = "the content of a file";

verify::Verdict judge(const bundle::Bundle& made, const crypto::PublicKey& key, std::string_view content) {
  const verify::TrustedMaterial material{{{key, "k"}}};
  crypto::PassingMessage message;
  verify::expect(message, made, material);
  message.update(as_bytes(content));
  message.finish();
  verify::Requirements required;
  required.wanted = verify::Wanted::message;
  required.log_entries = 0;
  return verify::judge(made, material, required, &message);
}

TEST(SignMessage, EveryTypeOfKey) {
  const ByteSource source = text_source(text);
  for (const KeyType type :
       {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type);
    const auto made = sign_message(*key, crypto::sha256(as_bytes(text)), &source);
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_TRUE(judge(*made, key->public_key(), text).accepted()) << name(type);
    EXPECT_FALSE(judge(*made, key->public_key(), "another").accepted()) << name(type);
    // What is written is what real cosign reads: a SHA-256, with a key of any type.
    const auto written = bundle::write(*made);
    ASSERT_TRUE(written);
    EXPECT_NE(written->find(R"("messageDigest":{"algorithm":"SHA2_256","digest":")"), std::string::npos);
    EXPECT_EQ(*bundle::parse(*written), *made);
  }
}

TEST(SignMessage, ADigestIsEnoughWhereADigestIsSigned) {
  auto ecdsa = PrivateKey::generate(KeyType::ecdsa_p256);
  auto ed25519 = PrivateKey::generate(KeyType::ed25519);
  EXPECT_TRUE(sign_message(*ecdsa, crypto::sha256({}), nullptr));
  EXPECT_EQ(sign_message(*ed25519, crypto::sha256({}), nullptr).error().code, Code::unsupported);
}

TEST(SignMessage, AnotherMessageThanTheDigestNamesIsNotSigned) {
  auto key = PrivateKey::generate(KeyType::ed25519);
  const ByteSource source = text_source("another");
  EXPECT_EQ(sign_message(*key, crypto::sha256(as_bytes(text)), &source).error().code, Code::mismatch);
}

// A signer that says how it was asked.
class Wanting final : public crypto::Signer {
 public:
  explicit Wanting(PrivateKey& key) : key_(key) {}
  [[nodiscard]] const crypto::PublicKey& public_key() const override { return key_.public_key(); }
  [[nodiscard]] bool wants_message() const override { return true; }
  Result<Bytes> sign(crypto::Scheme scheme, BytesView message) override {
    asked += "message ";
    return key_.sign(scheme, message);
  }
  Result<Bytes> sign_digest(crypto::Scheme scheme, BytesView digest) override {
    asked += "digest ";
    return key_.sign_digest(scheme, digest);
  }
  Result<Bytes> sign_stream(crypto::Scheme scheme, const ByteSource& message) override {
    asked += "stream ";
    return key_.sign_stream(scheme, message);
  }
  std::string asked;

 private:
  PrivateKey& key_;
};

TEST(SignMessage, WhoWantsTheMessageGetsItWhereItIs) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256);
  Wanting signer(*key);
  const ByteSource source = text_source(text);
  const auto made = sign_message(signer, crypto::sha256(as_bytes(text)), &source);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE(judge(*made, key->public_key(), text).accepted());
  EXPECT_TRUE(sign_message(signer, crypto::sha256(as_bytes(text)), nullptr));
  EXPECT_TRUE(sign_statement(signer, "{}"));
  EXPECT_EQ(signer.asked, "stream digest stream ");
  const ByteSource other = text_source("another");
  EXPECT_EQ(sign_message(signer, crypto::sha256(as_bytes(text)), &other).error().code, Code::mismatch);
}

std::string statement_of(std::string_view algorithm, std::string_view hex) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"md5":"00"}},{"digest":{")" +
         std::string(algorithm) + R"(":")" + std::string(hex) +
         R"("}}],"predicateType":"https://example.com/p","predicate":{}})";
}

crypto::PassingMessage pass(const std::string& statement) {
  crypto::PassingMessage message;
  expect_subjects(message, statement);
  message.update(as_bytes(text));
  message.finish();
  return message;
}

TEST(SignStatement, EveryTypeOfKeySignsItByteForByte) {
  const std::string statement = statement_of("sha256", codec::hex::encode(crypto::sha256(as_bytes(text))));
  for (const KeyType type : {KeyType::ecdsa_p256, KeyType::ecdsa_p521, KeyType::rsa, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type);
    const auto made = sign_statement(*key, statement);
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(std::get<bundle::EnvelopeContent>(made->content).payload, statement);
    verify::Requirements required;
    required.wanted = verify::Wanted::attestation;
    required.predicate_types.clear();
    required.log_entries = 0;
    const verify::TrustedMaterial material{{{key->public_key(), "k"}}};
    EXPECT_FALSE(verify::judge(*made, material, required).accepted()) << "of nothing in particular";
    required.digests = verify::digests_of(pass(statement));
    EXPECT_TRUE(verify::judge(*made, material, required).accepted()) << name(type);
  }
}

TEST(SignStatement, AnyDigestOfASubjectNamesTheFile) {
  for (const auto algorithm :
       {crypto::HashAlgorithm::sha256, crypto::HashAlgorithm::sha384, crypto::HashAlgorithm::sha512}) {
    const auto own =
        statement_of(name(algorithm), codec::hex::encode(crypto::hash(algorithm, as_bytes(text))));
    EXPECT_TRUE(check_subjects(pass(own), own));
    const auto other = statement_of(name(algorithm), codec::hex::encode(crypto::hash(algorithm, {})));
    EXPECT_EQ(check_subjects(pass(other), other).error().code, Code::mismatch);
  }
}

}  // namespace
}  // namespace sigstore::sign
