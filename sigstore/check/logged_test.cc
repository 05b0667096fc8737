#include "sigstore/check/logged.h"

#include <gtest/gtest.h>

#include "sigstore/payload/simple_signing.h"

namespace sigstore::check {
namespace {

const oci::Digest image = oci::Digest::sha256("image");

// A judge that wants the log's entry 7 stands in for the proofs, which verify's tests are about.
class LoggedTest : public ::testing::Test {
 protected:
  crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  Options options;
  int asked = 0;
  tlog::LoggedSignature asked_about;
  Result<tlog::Entry> answer = entry(7);

  LoggedTest() {
    options.material.keys.push_back({key.public_key(), "a.pub"});
    options.requirements.subject = image;
    options.look_up = [this](const bundle::Bundle&, const tlog::LoggedSignature& signer, BytesView) {
      ++asked;
      asked_about = signer;
      return answer;
    };
  }
  static tlog::Entry entry(std::uint64_t index) {
    tlog::Entry out;
    out.log_index = index;
    return out;
  }
  store::Stored signed_by(crypto::PrivateKey& signer, store::Format format = store::Format::simple_signing) {
    bundle::Bundle made;
    const std::string payload = payload::write_simple_signing("r", image, {});
    made.content = bundle::SimpleSigningContent{payload};
    made.signature = *signer.sign(crypto::Scheme::ecdsa_sha256, as_bytes(payload));
    return {format, {}, "place", std::move(made), {}};
  }
  verify::Verdict judged(store::Stored& stored) {
    const auto judge = [&](const bundle::Bundle& bundle, const verify::Requirements& required) {
      auto without = required;
      without.log_entries = 0;
      auto verdict = verify::judge(bundle, options.material, without);
      if (required.log_entries == 0) return verdict;
      const auto& entries = bundle.evidence.tlog_entries;
      const bool there = !entries.empty() && entries[0].log_index == 7;
      verdict.checks.push_back(
          {"log", "", there ? verify::Status::passed : verify::Status::failed, "", "", "none"});
      return verdict;
    };
    return judge_logged(stored, options, options.requirements, {}, judge);
  }
};

TEST_F(LoggedTest, TheLogIsAskedForTheEntryOfAKnownKey) {
  auto stored = signed_by(key);
  EXPECT_TRUE(judged(stored).accepted());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(asked_about.key, key.public_key().spki());
  EXPECT_EQ(stored.bundle->evidence.tlog_entries, std::vector{entry(7)}) << "it is shown with the rest";
}

TEST_F(LoggedTest, WhatTheLogHasIsJudged) {
  answer = entry(8);
  auto stored = signed_by(key);
  EXPECT_FALSE(judged(stored).accepted());
}

TEST_F(LoggedTest, NobodyIsAskedAboutAStranger) {
  auto stranger = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  auto stored = signed_by(stranger);
  EXPECT_FALSE(judged(stored).accepted());
  EXPECT_EQ(asked, 0);
}

TEST_F(LoggedTest, NobodyIsAskedWhereNothingIsMissing) {
  auto bundle = signed_by(key, store::Format::bundle);
  EXPECT_FALSE(judged(bundle).accepted()) << "a bundle has its entry, or has none";
  auto logged = signed_by(key);
  logged.bundle->evidence.tlog_entries.push_back(entry(8));
  EXPECT_FALSE(judged(logged).accepted()) << "what it carries is what counts";
  options.requirements.log_entries = 0;
  auto ignored = signed_by(key);
  EXPECT_TRUE(judged(ignored).accepted());
  EXPECT_EQ(asked, 0);
  options.requirements.log_entries = 1;
  options.look_up = {};
  auto stored = signed_by(key);
  EXPECT_FALSE(judged(stored).accepted());
}

TEST_F(LoggedTest, WhyTheLogGaveNothingIsSaid) {
  answer = fail(Code::unreachable, "the log is away");
  auto stored = signed_by(key);
  const auto verdict = judged(stored);
  ASSERT_NE(verdict.first_failure(), nullptr);
  EXPECT_EQ(verdict.first_failure()->detail, "the log is away");
  EXPECT_EQ(verdict.first_failure()->code, Code::unreachable);
}

TEST_F(LoggedTest, OfACertificateTheLogIsAskedInAnyCase) {
  options.material.keys.clear();
  auto stored = signed_by(key);
  EXPECT_FALSE(judged(stored).accepted());
  EXPECT_EQ(asked, 0) << "nothing says whose it is";
  stored.bundle->key.certificates = {to_bytes("leaf"), to_bytes("above")};
  EXPECT_FALSE(judged(stored).accepted());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(asked_about.certificate, to_bytes("leaf"));
}

}  // namespace
}  // namespace sigstore::check
