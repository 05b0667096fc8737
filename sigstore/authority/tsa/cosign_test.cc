// What the real cosign says of timestamps that are issued here. COSIGN_REFERENCE names it: 3.1.2.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "sigstore/authority/testing/new_tsa.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/temporary_folder.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::authority::tsa {
namespace {

using codec::base64::encode;
using crypto::KeyType;
using crypto::PrivateKey;
using timestamp::Request;

Time at(std::string_view text) {
  return codec::rfc3339::parse(text).value();
}

const std::string artifact = "hello, time\n";

// A signature by a key, a bundle of it with one timestamp, and a trusted root with the authority alone.
class RealCosign : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* program = std::getenv("COSIGN_REFERENCE");
    if (program == nullptr) GTEST_SKIP() << "COSIGN_REFERENCE names no cosign 3.1.2";
    program_ = program;
    folder_.write("artifact", artifact);
    folder_.write("key.pub", key_.public_key().pem());
  }

  Tsa authority(KeyType type) {
    Tsa tsa = testing::new_tsa(type);
    folder_.write(
        "root.json",
        R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","timestampAuthorities":[)"
        R"({"subject":{"organization":"test","commonName":"tsa"},"uri":"https://tsa.test","certChain":{"certificates":[)"
        R"({"rawBytes":")" +
            encode(tsa.chain()[0].der()) + R"("},{"rawBytes":")" + encode(tsa.chain()[1].der()) +
            R"("}]},"validFor":{"start":"2020-01-01T00:00:00Z"}}]})");
    return tsa;
  }

  [[nodiscard]] Request request(bool certificates) const {
    return {.imprint = crypto::sha256(signature_), .nonce = Bytes{1, 2, 3}, .certificates = certificates};
  }

  bool verifies(BytesView response) {
    folder_.write(
        "bundle.json",
        R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":")" +
            key_.public_key().hint() +
            R"("},"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":")" +
            encode(response) +
            R"("}]}},"messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":")" +
            encode(crypto::sha256(as_bytes(artifact))) + R"("},"signature":")" + encode(signature_) +
            R"("}})");
    const std::string command = "cd " + folder_.path() + " && HOME=" + folder_.path() + " '" + program_ +
                                "' verify-blob --key key.pub --bundle bundle.json --trusted-root root.json"
                                " --insecure-ignore-tlog --use-signed-timestamps artifact >said 2>&1";
    return std::system(command.c_str()) == 0;
  }
  bool verifies(const TokenTemplate& token) { return verifies(granted(sign(token).value())); }
  [[nodiscard]] std::string said() const {
    std::ifstream in(folder_.path() + "/said");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::string program_;
  fakes::TemporaryFolder folder_;
  fakes::SeededRandom random_;
  PrivateKey key_ = PrivateKey::generate(KeyType::ecdsa_p256).value();
  Bytes signature_ = key_.sign(crypto::Scheme::ecdsa_sha256, as_bytes(artifact)).value();
};

TEST_F(RealCosign, VerifiesOurTimestamps) {
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa}) {
    const Tsa tsa = authority(type);
    for (const bool certificates : {true, false}) {
      const auto answer = tsa.answer(request(certificates).encode(), at("2026-07-24T01:02:03Z"), random_);
      EXPECT_TRUE(verifies(answer.value())) << name(type) << ": " << said();
    }
  }
}

TEST_F(RealCosign, RefusesAsWeDo) {
  const Tsa tsa = authority(KeyType::ecdsa_p256);
  const auto token = tsa.prepare(request(true), at("2026-07-24T01:02:03Z"), random_);
  EXPECT_TRUE(verifies(token)) << said();
  const auto with = [&](auto&& change) {
    auto changed = token;
    change(changed);
    return verifies(changed);
  };
  EXPECT_FALSE(with([](auto& t) { t.signers[0].damage = 1; }));
  EXPECT_FALSE(with([](auto& t) { t.info.imprint[0] ^= 1; }));
  EXPECT_FALSE(with([](auto& t) { t.signers.push_back(t.signers[0]); }));
  EXPECT_FALSE(with([](auto& t) { t.signers[0].message_digest = Bytes(32); }));
  EXPECT_FALSE(with([](auto& t) { t.info.time = "20191231235959Z"; }));
}

// docs/formats/timestamp.md, "Against real cosign": where it is laxer, which is why it is not followed.
TEST_F(RealCosign, AcceptsWhatWeRefuse) {
  const Tsa tsa = authority(KeyType::ecdsa_p256);
  const auto token = tsa.prepare(request(true), at("2026-07-24T01:02:03Z"), random_);
  const auto with = [&](auto&& change) {
    auto changed = token;
    change(changed);
    return verifies(changed);
  };
  EXPECT_TRUE(with([](auto& t) { t.signers[0].attributes.pop_back(); })) << said();  // no ESSCertID
  EXPECT_TRUE(with([](auto& t) { t.signers[0].attributes_are_there = false; })) << said();
  EXPECT_TRUE(with([](auto& t) { t.content_type = oid::data; })) << said();
}

}  // namespace
}  // namespace sigstore::authority::tsa
