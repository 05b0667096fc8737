// Judgements by evidence, made with a Sigstore in memory: what cases_test has not: thresholds, what may be
// left out, and what a verdict tells.
#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/verify/judge.h"

namespace sigstore::verify {
namespace {

using namespace std::chrono_literals;
using authority::log::Shape;
using authority::testing::Form;
using authority::testing::Recipe;
using authority::testing::Signed;
using authority::testing::Sigstore;

class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest() {
    IdentityRule rule;
    rule.subject.exact = "https://ci.test/team/app@refs/heads/main";
    rule.issuer.exact = "https://issuer.test";
    required.identities = {rule};
    required.wanted = Wanted::message;
    material.at = world.now();
    trust(world.trusted_root());
  }

  void trust(trust::TrustedRoot root) { material.parties = TrustedParties::from(std::move(root)); }
  Verdict judged(const Signed& made) {
    crypto::PassingMessage file;
    expect(file, made.bundle, material);
    file.update(as_bytes(made.artifact));
    file.finish();
    required.subject = oci::Digest::sha256(made.artifact);
    return judge(made.bundle, material, required, &file);
  }
  // "" when it is accepted, else the failed check and what it says.
  std::string refusal(const Signed& made) {
    const Verdict verdict = judged(made);
    const Check* failure = verdict.first_failure();
    EXPECT_EQ(verdict.accepted(), failure == nullptr);
    return failure == nullptr ? "" : failure->id + ": " + failure->detail;
  }
  trust::TrustedRoot both_roots() {
    trust::TrustedRoot root = world.trusted_root();
    const trust::TrustedRoot more = stranger.trusted_root();
    const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    add(root.tlogs, more.tlogs);
    add(root.ctlogs, more.ctlogs);
    add(root.timestamp_authorities, more.timestamp_authorities);
    return root;
  }

  Sigstore world;
  Sigstore stranger{authority::testing::other_world()};
  TrustedMaterial material;
  Requirements required;
};

TEST_F(EvidenceTest, TheChecksAreInTheOrderOfTheSpecification) {
  const Verdict verdict = judged(world.sign());
  std::vector<std::string> ids;
  for (const Check& check : verdict.checks) {
    ids.push_back(check.id);
    EXPECT_NE(check.status, Status::failed) << check.id << ": " << check.detail;
    EXPECT_TRUE(check.clause.starts_with("client-spec 4.")) << check.clause;
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"material", "time", "certificate", "sct", "log", "signature",
                                           "identity", "type", "subject", "annotations"}));
  EXPECT_TRUE(std::ranges::is_sorted(verdict.checks, {}, &Check::clause));
}

TEST_F(EvidenceTest, TheVerdictTellsWhoAndWhen) {
  const Signed made = world.sign();
  const Verdict verdict = judged(made);
  ASSERT_TRUE(verdict.accepted());
  EXPECT_TRUE(verdict.by_certificate);
  EXPECT_EQ(verdict.certificate->der(), made.certificate);
  EXPECT_EQ(verdict.identity->issuer, "https://issuer.test");
  EXPECT_EQ(verdict.signer(), "https://ci.test/team/app@refs/heads/main (https://issuer.test)");
  EXPECT_EQ(verdict.key_fingerprint, made.key.fingerprint());
  EXPECT_EQ(verdict.times, (std::vector<Time>{world.now(), world.now()}));
}

TEST_F(EvidenceTest, NothingOfAnUnprovenCertificateIsTold) {
  const Verdict verdict = judged(world.sign({.certified_by = &stranger}));
  EXPECT_EQ(verdict.first_failure()->id, "certificate");
  EXPECT_FALSE(verdict.certificate || verdict.identity);
  EXPECT_EQ(verdict.signer(), "");
}

// A signature by certificate, with nobody to trust.
TEST_F(EvidenceTest, WithoutATrustedRoot) {
  material.parties = nullptr;
  EXPECT_EQ(refusal(world.sign()),
            "material: there is nobody to trust: neither a key nor a trusted root is given");
  trust({});
  EXPECT_EQ(judged(world.sign()).first_failure()->code, Code::not_found);
}

TEST_F(EvidenceTest, AKeyNeedsNoCertificateAndNoTrustedRootWhereTheLogIsIgnored) {
  const Signed made = world.sign({.keyless = false});
  material.keys = {{made.key, "k"}};
  EXPECT_EQ(refusal(made), "");
  material.parties = nullptr;
  EXPECT_EQ(refusal(made), "log: no transparency log is trusted to judge its proof by");
  required.log_entries = 0;
  EXPECT_EQ(refusal(made), "");
  EXPECT_EQ(judged(made).signer(), made.key.fingerprint());
}

// GHSA-fx35-mq7g-6g98: a key in the data under verification is no key to verify with.
TEST_F(EvidenceTest, AKeyInPlaceOfTheCertificateIsNone) {
  Signed made = world.sign({.keyless = false});
  made.bundle.key.certificates = {made.key.spki()};
  EXPECT_TRUE(refusal(made).starts_with("material: the certificate of the signature cannot be read"))
      << refusal(made);
  made.bundle.key.certificates.clear();
  made.bundle.key.hint = made.key.hint();
  EXPECT_EQ(refusal(made), "material: it was signed with a key, and none is given to verify with");
  made.bundle.key.hint.clear();
  EXPECT_EQ(refusal(made),
            "material: there is neither a key to verify with nor a certificate beside the signature");
}

TEST_F(EvidenceTest, ACertificateThatIsGivenStandsInForOneThatIsMissing) {
  Signed made = world.sign();
  made.bundle.key.certificates.clear();
  material.certificate = *crypto::x509::Certificate::parse(made.certificate);
  EXPECT_EQ(refusal(made), "");
  const Signed another = world.sign();
  EXPECT_EQ(refusal(another),
            "material: beside the signature stands another certificate than the one that was given");
}

TEST_F(EvidenceTest, NobodyIsTakenForGranted) {
  required.identities.clear();
  EXPECT_EQ(refusal(world.sign()), "identity: nobody is named who may have signed");
  required.any_identity = true;
  EXPECT_EQ(refusal(world.sign()), "");
}

TEST_F(EvidenceTest, AnyOfSeveralIdentitiesWillDoAndTheNearestIsNamed) {
  IdentityRule stranger_rule, other_issuer;
  stranger_rule.subject.exact = "https://nobody.test";
  other_issuer.subject.exact = "https://ci.test/team/app@refs/heads/main";
  other_issuer.issuer.exact = "https://evil.test";
  required.identities = {stranger_rule, other_issuer, required.identities[0]};
  EXPECT_EQ(refusal(world.sign()), "");
  required.identities.pop_back();
  const Verdict verdict = judged(world.sign());
  EXPECT_EQ(verdict.first_failure()->detail,
            "the nearest of 2: another issuer vouched for https://ci.test/team/app@refs/heads/main");
  EXPECT_EQ(verdict.first_failure()->expected, "https://evil.test");
  EXPECT_EQ(verdict.first_failure()->found, "https://issuer.test");
}

TEST_F(EvidenceTest, WhatIsNotAskedForIsNotLookedAt) {
  const Signed bare = world.sign({.promised = false, .log = std::nullopt});
  EXPECT_EQ(refusal(bare), "sct: the certificate carries no SCT, and none is given");
  required.scts = 0;
  EXPECT_EQ(refusal(bare), "log: the signature carries no proof of a transparency log");
  required.log_entries = 0;
  EXPECT_EQ(refusal(bare), "");
}

// Without any proven time a certificate counts now, if that is asked for.
TEST_F(EvidenceTest, TheCurrentTime) {
  const Signed made = world.sign({.log = std::nullopt, .timestamped = false});
  required.log_entries = 0;
  EXPECT_TRUE(refusal(made).starts_with("time: nothing proves when it was signed")) << refusal(made);
  required.current_time = true;
  EXPECT_EQ(refusal(made), "");
  material.at = world.now() + 11min;
  EXPECT_EQ(refusal(made), "certificate: the certificate is not valid now, and no other time is proven");
  // A proven time goes before it.
  EXPECT_EQ(refusal(world.sign({.log = std::nullopt})), "");
}

TEST_F(EvidenceTest, RekorV2ProvesNoTime) {
  EXPECT_EQ(refusal(world.sign({.log = Shape::rekor_v2, .timestamped = false})),
            "time: its log entry proves no time (of Rekor v2 none does), and it carries no timestamp");
  EXPECT_EQ(refusal(world.sign({.log = Shape::rekor_v2})), "");
}

// A log that is ignored proves no time either.
TEST_F(EvidenceTest, TheTimeOfAnIgnoredLogIsNone) {
  required.log_entries = 0;
  EXPECT_TRUE(refusal(world.sign({.timestamped = false})).starts_with("time: "));
}

// connaisseur#2150: signers are counted, not signatures; and so are logs and authorities.
TEST_F(EvidenceTest, PartiesAreCountedNotEvidence) {
  Signed made = world.sign();
  auto& evidence = made.bundle.evidence;
  required.log_entries = 2;
  EXPECT_EQ(refusal(made), "log: it is in too few logs");
  evidence.tlog_entries.push_back(evidence.tlog_entries[0]);
  EXPECT_EQ(refusal(made), "log: the same log entry stands there twice");
  evidence.tlog_entries.pop_back();

  required.log_entries = 1;
  required.signed_times = 2;
  evidence.timestamps.push_back(world.timestamp(as_text(made.bundle.signature), world.now() + 1s));
  EXPECT_EQ(refusal(made), "time: its timestamps are by 1 authority");
  evidence.timestamps.push_back(stranger.timestamp(as_text(made.bundle.signature), world.now()));
  EXPECT_TRUE(refusal(made).starts_with("time: ")) << refusal(made);
  trust(both_roots());
  EXPECT_EQ(refusal(made), "");
  std::ranges::reverse(evidence.timestamps);
  EXPECT_EQ(refusal(made), "");

  required.signed_times = 0;
  required.scts = 2;
  EXPECT_EQ(refusal(made), "sct: too few logs promise to list the certificate");
  EXPECT_EQ(refusal(world.sign({.promised_by = {nullptr, nullptr}})),
            "sct: too few logs promise to list the certificate");
  EXPECT_EQ(refusal(world.sign({.promised_by = {nullptr, &stranger}})), "");
  EXPECT_EQ(refusal(world.sign({.promised_by = {&stranger, nullptr}})), "");
}

TEST_F(EvidenceTest, TimestampsMayBeDemandedOfAKeyToo) {
  required.signed_times = 1;
  const Signed without = world.sign({.keyless = false, .timestamped = false});
  material.keys = {{without.key, "k"}};
  EXPECT_EQ(refusal(without), "time: the signature carries no timestamp");
  const Signed with = world.sign({.keyless = false});
  EXPECT_EQ(refusal(with), "");
  EXPECT_EQ(judged(with).times.front(), world.now());
}

// The order in which evidence stands changes nothing (rekor-tiles 511cd6c).
TEST_F(EvidenceTest, StrangersProveNothingAndDisturbNothing) {
  const Signed good = world.sign({.log = Shape::rekor_v2});
  const Signed theirs = stranger.sign();
  for (const bool first : {true, false}) {
    Signed made = good;
    const auto add = [&](auto& list, const auto& more) {
      list.insert(first ? list.begin() : list.end(), more.begin(), more.end());
    };
    add(made.bundle.evidence.tlog_entries, theirs.bundle.evidence.tlog_entries);
    add(made.bundle.evidence.timestamps, theirs.bundle.evidence.timestamps);
    EXPECT_EQ(refusal(made), "");
  }
}

// GHSA-whqx-f9j3-ch6m: beside a good entry, one of a trusted log that is about something else is no ornament.
TEST_F(EvidenceTest, AnEntryOfATrustedLogMustHold) {
  Signed made = world.sign();
  auto& entries = made.bundle.evidence.tlog_entries;
  entries.push_back(world.sign().bundle.evidence.tlog_entries[0]);
  EXPECT_EQ(refusal(made), "log: the log entry is of another signature");
  std::ranges::reverse(entries);
  EXPECT_EQ(refusal(made), "log: the log entry is of another signature");
}

// A timestamp that says it is of a trusted authority holds, or nothing does; of others nobody knows.
TEST_F(EvidenceTest, ATimestampOfATrustedAuthorityMustHold) {
  EXPECT_EQ(refusal(world.sign({.timestamp_instead = "other bytes"})),
            "time: a timestamp is not good by authority https://tsa.sigstore.test: the timestamp is about "
            "other bytes");
  EXPECT_EQ(refusal(world.sign({.timestamped_by = &stranger})), "");
  trust::TrustedRoot root = world.trusted_root();
  root.timestamp_authorities[0].valid.end = world.now() - 1s;
  trust(root);
  EXPECT_EQ(refusal(world.sign()),
            "time: a timestamp is not of the time in which authority https://tsa.sigstore.test is trusted");
  root.timestamp_authorities.clear();
  trust(root);
  EXPECT_EQ(refusal(world.sign()), "");
}

// A time that nobody signed must fit, and proves nothing.
TEST_F(EvidenceTest, AnUnsignedTimeIsAClaim) {
  Signed made = world.sign();
  auto& entry = made.bundle.evidence.tlog_entries[0];
  entry.signed_entry_timestamp.clear();
  EXPECT_EQ(refusal(made), "");
  EXPECT_EQ(judged(made).times.size(), 1u);
  entry.integrated_time += 3600;
  EXPECT_EQ(refusal(made), "certificate: the certificate was not valid when it is said to have signed");
  for (const std::int64_t hostile : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    entry.integrated_time = hostile;
    EXPECT_EQ(refusal(made), "");
  }
}

TEST_F(EvidenceTest, ALogWithoutAStartOfItsTime) {
  trust::TrustedRoot root = world.trusted_root();
  for (auto& log : root.tlogs) log.valid = {};
  for (auto& log : root.ctlogs) log.valid = {};
  for (auto& authority : root.certificate_authorities) authority.valid = {};
  for (auto& authority : root.timestamp_authorities) authority.valid = {};
  trust(root);
  EXPECT_EQ(refusal(world.sign()), "");
}

// The key of a log that was retired makes no new entries, though a proof of inclusion has no time of its own.
TEST_F(EvidenceTest, ARetiredLogOfRekorV2) {
  trust::TrustedRoot root = world.trusted_root();
  for (auto& log : root.tlogs) log.valid.end = world.now() - 1s;
  trust(root);
  EXPECT_TRUE(refusal(world.sign({.log = Shape::rekor_v2}))
                  .starts_with("log: the log entry is not of the time in which"));
}

// Two windows of one key, as a trusted root lists it when it is renewed: either will do.
TEST_F(EvidenceTest, ALogThatIsListedTwice) {
  trust::TrustedRoot root = world.trusted_root();
  for (auto& log : root.tlogs) log.valid.end = world.now() - 1s;
  const trust::TrustedRoot again = world.trusted_root();
  root.tlogs.insert(root.tlogs.end(), again.tlogs.begin(), again.tlogs.end());
  trust(root);
  EXPECT_EQ(refusal(world.sign()), "");
}

TEST_F(EvidenceTest, APayloadInALayerAndItsOldRekorBundle) {
  const Signed made = world.sign({.form = Form::simple_signing});
  required.wanted = Wanted::signature;
  EXPECT_EQ(refusal(made), "");
  Signed bad = made;
  std::get<bundle::SimpleSigningContent>(bad.bundle.content).payload += " ";
  EXPECT_EQ(refusal(bad), "log: the log entry is about another payload");
}

TEST_F(EvidenceTest, ABlobPassesOnceWhateverTheKeyOfItsCertificate) {
  using crypto::KeyType;
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::ed25519})
    EXPECT_EQ(refusal(world.sign({.key = type, .log = Shape::rekor_v2})), "") << crypto::name(type);
  EXPECT_EQ(refusal(world.sign({.log = Shape::rekor_v2,
                                .bundle =
                                    [](bundle::Bundle& bundle) {
                                      std::get<bundle::MessageContent>(bundle.content).digest.clear();
                                    }})),
            "");
}

// Judging does not change what it is judged by: many threads, one trusted root.
TEST_F(EvidenceTest, TheSamePartiesJudgeAgain) {
  const Signed made = world.sign();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(refusal(made), "");
}

}  // namespace
}  // namespace sigstore::verify
