#include "sigstore/check/parties.h"

#include <gtest/gtest.h>

namespace sigstore::check {
namespace {

// A judge stands in that wants parties for evidence and for certificates; verify's tests are about the rest.
class TrustingTest : public ::testing::Test {
 protected:
  Options options_;
  int asked_ = 0;
  bool known_key_ = true;
  bool other_kind_ = false;
  Result<std::shared_ptr<const verify::TrustedParties>> answer_ = verify::TrustedParties::from({});
  std::optional<Error> failed_;

  TrustingTest() {
    options_.obtain = [this] {
      ++asked_;
      return answer_;
    };
  }
  void trust_a_key() {
    options_.material.keys.push_back(
        {crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key(), "a"});
  }
  static bundle::Bundle logged() {
    bundle::Bundle made;
    made.evidence.tlog_entries.emplace_back();
    return made;
  }
  static bundle::Bundle certified() {
    bundle::Bundle made;
    made.key.certificates.push_back({1});
    return made;
  }
  verify::Verdict judged(const bundle::Bundle& bundle, int log_entries = 1) {
    verify::Requirements requirements;
    requirements.log_entries = log_entries;
    const auto judge = [this](const bundle::Bundle& judged, const verify::TrustedMaterial& material,
                              const verify::Requirements& required) {
      const auto check = [](const char* id, bool holds) {
        return verify::Check{id, "", holds ? verify::Status::passed : verify::Status::failed};
      };
      verify::Verdict verdict;
      const bool by_key = !material.keys.empty();
      const bool proven = material.parties != nullptr && (!by_key || !judged.evidence.tlog_entries.empty());
      verdict.checks = {check("type", !other_kind_), check("signature", !by_key || known_key_),
                        check("log", (by_key && required.log_entries == 0) || proven)};
      return verdict;
    };
    return judge_trusting(bundle, options_, requirements, judge, failed_);
  }
};

TEST_F(TrustingTest, AKeyWithoutEvidenceAsksNobody) {
  trust_a_key();
  EXPECT_FALSE(judged({}).accepted());
  EXPECT_TRUE(judged({}, 0).accepted());
  EXPECT_TRUE(judged(logged(), 0).accepted()) << "the log is ignored";
  EXPECT_EQ(asked_, 0);
}

TEST_F(TrustingTest, EvidenceOfAKnownKeyNeedsToKnowTheLog) {
  trust_a_key();
  EXPECT_TRUE(judged(logged()).accepted());
  EXPECT_EQ(asked_, 1);
}

TEST_F(TrustingTest, NobodyIsAskedAboutAnotherKeysEvidence) {
  trust_a_key();
  known_key_ = false;
  EXPECT_FALSE(judged(logged()).accepted());
  EXPECT_EQ(asked_, 0);
}

TEST_F(TrustingTest, ACertificateNeedsToKnowItsAuthority) {
  EXPECT_TRUE(judged(certified()).accepted());
  EXPECT_EQ(asked_, 1);
  EXPECT_FALSE(judged({}).accepted()) << "there is none";
  EXPECT_EQ(asked_, 1);
}

TEST_F(TrustingTest, NobodyIsAskedAboutWhatWasNotLookedFor) {
  other_kind_ = true;
  EXPECT_FALSE(judged(certified()).accepted());
  EXPECT_EQ(asked_, 0);
}

TEST_F(TrustingTest, WhatWasNamedIsAllThereIs) {
  options_.obtain = {};
  options_.material.parties = verify::TrustedParties::from({});
  EXPECT_TRUE(judged(certified()).accepted());
}

TEST_F(TrustingTest, WhoCannotBeAskedIsNoVerdict) {
  answer_ = fail(Code::unreachable, "no network");
  EXPECT_FALSE(judged(certified()).accepted());
  ASSERT_TRUE(failed_);
  EXPECT_EQ(failed_->code, Code::unreachable);
}

}  // namespace
}  // namespace sigstore::check
