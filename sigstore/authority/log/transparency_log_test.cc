#include "sigstore/authority/log/transparency_log.h"

#include <gtest/gtest.h>

#include "sigstore/codec/rfc3339.h"
#include "sigstore/tlog/verify_entry.h"

namespace sigstore::authority::log {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::Scheme;

const Time now = codec::rfc3339::parse("2026-06-01T12:00:00.9Z").value();

Leaf leaf(std::string body) {
  return {"hashedrekord", "0.0.1", std::move(body)};
}

TEST(TransparencyLog, ProvesEachEntryOfEachSizeInBothShapes) {
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type).value();
    for (const auto shape : {Shape::rekor_v1, Shape::rekor_v2}) {
      TransparencyLog log({.shape = shape, .host = "rekor.test", .tree_id = 42}, key);
      for (int i = 0; i < 9; ++i) ASSERT_TRUE(log.append(leaf("entry " + std::to_string(i)), now));
      for (std::uint64_t size = 1; size <= log.size(); ++size) {
        for (std::uint64_t index = 0; index < size; ++index) {
          const auto entry = log.entry(index, size).value();
          const auto checked =
              tlog::verify_inclusion(entry, shape == Shape::rekor_v1 ? "" : "rekor.test", key.public_key());
          ASSERT_TRUE(checked) << checked.error().text();
          EXPECT_EQ(checked->tree_size, size);
        }
      }
    }
  }
}

TEST(TransparencyLog, AnEntryOfRekorV1HasPromiseAndTime) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  TransparencyLog log({.shape = Shape::rekor_v1, .host = "rekor.test", .tree_id = 42, .first_index = 100},
                      key);
  const auto entry = log.append(leaf("{}"), now).value();
  EXPECT_EQ(entry.log_index, 100U);
  EXPECT_EQ(entry.proof->log_index, 0U);
  EXPECT_EQ(entry.integrated_time, 1780315200);
  EXPECT_EQ(entry.log_id, crypto::sha256(key.public_key().spki()));
  EXPECT_TRUE(tlog::verify_promise(entry, key.public_key()));
  auto other = entry;
  other.integrated_time += 1;
  EXPECT_FALSE(tlog::verify_promise(other, key.public_key()));
  EXPECT_TRUE(entry.proof->checkpoint.starts_with("rekor.test - 42\n1\n")) << entry.proof->checkpoint;
  EXPECT_TRUE(tlog::is_rekor_v1_origin(log.origin()));
}

// As Rekor v1 does, and as its clients demand.
TEST(TransparencyLog, RekorV1SignsByOneDigestWithEveryCurve) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p384).value();
  const auto& pub = key.public_key();
  for (const auto shape : {Shape::rekor_v1, Shape::rekor_v2}) {
    TransparencyLog log({.shape = shape}, key);
    const auto entry = log.append(leaf("{}"), now).value();
    const auto note = tlog::Note::parse(entry.proof->checkpoint).value();
    const auto scheme = shape == Shape::rekor_v1 ? Scheme::ecdsa_sha256 : Scheme::ecdsa_sha384;
    EXPECT_TRUE(pub.verify(scheme, as_bytes(note.text), note.signatures[0].signature));
    if (shape == Shape::rekor_v1) {
      EXPECT_TRUE(pub.verify(scheme, as_bytes(tlog::promise_text(entry)), entry.signed_entry_timestamp));
    }
  }
}

TEST(TransparencyLog, AnEntryOfRekorV2HasNeither) {
  auto key = PrivateKey::generate(KeyType::ed25519).value();
  TransparencyLog log({.shape = Shape::rekor_v2, .host = "rekor.test"}, key);
  const auto entry = log.append(leaf("{}"), now).value();
  EXPECT_EQ(entry.integrated_time, 0);
  EXPECT_TRUE(entry.signed_entry_timestamp.empty());
  EXPECT_TRUE(entry.proof->checkpoint.starts_with("rekor.test\n1\n")) << entry.proof->checkpoint;
  EXPECT_FALSE(tlog::is_rekor_v1_origin(log.origin()));
  // The id of the log is the whole of what a note's signature begins with.
  const auto hint = tlog::note_key_hash("rekor.test", key.public_key());
  EXPECT_EQ(Bytes(entry.log_id.begin(), entry.log_id.begin() + 4), hint);
  EXPECT_EQ(entry.log_id.size(), 32U);
}

TEST(TransparencyLog, EntriesThatAreNotThere) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  TransparencyLog log({}, key);
  ASSERT_TRUE(log.append(leaf("{}"), now));
  EXPECT_EQ(log.entry(1, 1).error(), (Error{Code::not_found, "no entry 1 in the first 1 of 1", "", ""}));
  EXPECT_EQ(log.entry(0, 2).error().code, Code::not_found);
}

TEST(TransparencyLog, DescribesItselfForATrustedRoot) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  const TransparencyLog log({.shape = Shape::rekor_v1, .host = "rekor.test", .operator_name = "us"}, key);
  const auto listed = log.describe({now, std::nullopt}).value();
  EXPECT_EQ(listed.base_url, "https://rekor.test");
  EXPECT_EQ(listed.key_details, "PKIX_ECDSA_P256_SHA_256");
  EXPECT_EQ(listed.operator_name, "us");
  EXPECT_EQ(listed.valid.start, now);
  EXPECT_EQ(listed.key().value(), key.public_key());
  EXPECT_EQ(listed.origin().value(), "rekor.test");
}

TEST(TransparencyLog, NamesTheAlgorithmsOfKeys) {
  const auto of = [](KeyType type) {
    return trust::key_details_of(PrivateKey::generate(type).value().public_key()).value();
  };
  EXPECT_EQ(of(KeyType::ecdsa_p256), "PKIX_ECDSA_P256_SHA_256");
  EXPECT_EQ(of(KeyType::ecdsa_p384), "PKIX_ECDSA_P384_SHA_384");
  EXPECT_EQ(of(KeyType::ecdsa_p521), "PKIX_ECDSA_P521_SHA_512");
  EXPECT_EQ(of(KeyType::ed25519), "PKIX_ED25519");
  EXPECT_EQ(of(KeyType::rsa), "PKIX_RSA_PKCS1V15_3072_SHA256");
}

}  // namespace
}  // namespace sigstore::authority::log
