#include "sigstore/remote/rekor/look_up.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/key.h"
#include "sigstore/net/testing/scripted_transport.h"
#include "sigstore/tlog/merkle.h"

namespace sigstore::remote {
namespace {

using net::testing::answer;

class LookUpTest : public ::testing::Test {
 protected:
  fakes::FakeEnv fake;
  net::testing::ScriptedTransport transport;
  Bytes key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key().spki();
  Bytes other_key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key().spki();
  bundle::Bundle signature;
  std::string listed;

  LookUpTest() {
    signature.content = bundle::SimpleSigningContent{"payload"};
    signature.signature = to_bytes("sig");
  }
  // As the log answers it, alone in its tree.
  void add(const std::string& body, int index, const std::string& root = {}) {
    const std::string own = codec::hex::encode(tlog::leaf_hash(as_bytes(body)));
    listed +=
        (listed.empty() ? "" : ",") + std::string("{\"") + own + R"(":{"body":")" +
        codec::base64::encode(as_bytes(body)) + R"(","integratedTime":1700000000,"logID":")" +
        std::string(64, 'a') + R"(","logIndex":)" + std::to_string(index) +
        R"(,"verification":{"inclusionProof":{"checkpoint":"note\n","hashes":[],"logIndex":0,"rootHash":")" +
        (root.empty() ? own : root) + R"(","treeSize":1},"signedEntryTimestamp":"c2V0"}}})";
  }
  std::string body(const std::string& over, const Bytes& by, const std::string& sig = "sig") {
    return tlog::write_hashedrekord_v001({crypto::HashAlgorithm::sha256, crypto::sha256(as_bytes(over))},
                                         {to_bytes(sig), {}, by});
  }
  Result<tlog::Entry> look(BytesView file = {}, std::string_view envelope = {}) {
    transport.on("POST https://rekor.example/api/v1/log/entries/retrieve",
                 answer(200, {}, "[" + listed + "]"));
    Rekor rekor(fake.env(), net::testing::lend(transport), *parse_rekor_url("https://rekor.example", "x"));
    return look_up(rekor, signature, {{}, {}, key}, file, envelope);
  }
};

TEST_F(LookUpTest, TheFirstEntryAboutTheSignatureIsTaken) {
  add(body("payload", key), 9);
  add(body("payload", key), 7);
  const auto entry = look();
  ASSERT_TRUE(entry) << entry.error().text();
  EXPECT_EQ(entry->log_index, 7u);
  EXPECT_EQ(entry->kind, "hashedrekord");
  EXPECT_TRUE(entry->proof);
}

TEST_F(LookUpTest, EntriesAboutSomethingElseAreNone) {
  add(body("another", key), 1);
  add(body("payload", other_key), 2);
  add(body("payload", key, "another"), 3);
  add(R"({"kind":"what"})", 4);
  const auto entry = look();
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().code, Code::not_found);
  EXPECT_EQ(entry.error().message, "Rekor at https://rekor.example has no entry of this signature");
}

TEST_F(LookUpTest, OfAFileItsDigestCounts) {
  signature.content = bundle::MessageContent{};
  add(body("file", key), 1);
  EXPECT_TRUE(look(crypto::sha256(as_bytes("file"))));
  EXPECT_EQ(look(crypto::sha256(as_bytes("other"))).error().code, Code::not_found);
}

TEST_F(LookUpTest, AnEnvelopeIsSentAsItWasWritten) {
  signature.content = bundle::EnvelopeContent{"type", "text"};
  const tlog::LoggedDigest digest{crypto::HashAlgorithm::sha256, crypto::sha256({})};
  add(tlog::write_dsse_v001(digest, digest, {{to_bytes("sig"), {}, key}}), 1);
  ASSERT_TRUE(look());
  const std::string sent = transport.last("POST *").body;
  for (
      const char* text :
      {R"("envelope":"{\"payloadType\":\"type\",\"payload\":\"dGV4dA==\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"c2ln\"}]}")",
       R"("envelope":"{\"payload\":\"dGV4dA==\",\"payloadType\":\"type\",\"signatures\":[{\"sig\":\"c2ln\"}]}")"})
    EXPECT_TRUE(sent.contains(text)) << sent;
  ASSERT_TRUE(look({}, "{\"a\": 1}"));
  EXPECT_TRUE(transport.last("POST *").body.contains(R"("envelope":"{\"a\": 1}")"));
}

TEST_F(LookUpTest, AProofThatProvesNothingIsRefused) {
  add(body("payload", key), 1, std::string(64, '0'));
  EXPECT_EQ(look().error().code, Code::mismatch);
}

}  // namespace
}  // namespace sigstore::remote
