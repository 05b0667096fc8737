// Every signature of the table that a Sigstore in memory makes: the good ones verify, each bad one is refused
// by the check that it is bad for, with its code.
#include "sigstore/authority/testing/cases.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sigstore/verify/internal/refusal.h"
#include "sigstore/verify/judge.h"

namespace sigstore::verify {
namespace {

using authority::testing::Ask;
using authority::testing::Question;

const std::map<std::string, Refusal> refusals = {
    {"v1-proof-bit", {"log", Code::mismatch}},
    {"v2-proof-bit", {"log", Code::mismatch}},
    {"v1-proof-last-bit", {"log", Code::mismatch}},
    {"v2-proof-last-bit", {"log", Code::mismatch}},
    {"v1-proof-short", {"log", Code::mismatch}},
    {"v2-proof-short", {"log", Code::mismatch}},
    {"v1-proof-long", {"log", Code::mismatch}},
    {"v2-proof-long", {"log", Code::mismatch}},
    {"v1-proof-order", {"log", Code::mismatch}},
    {"v2-proof-order", {"log", Code::mismatch}},
    {"v1-proof-index", {"log", Code::mismatch}},
    {"v2-proof-index", {"log", Code::mismatch}},
    {"v1-proof-size", {"log", Code::mismatch}},
    {"v2-proof-size", {"log", Code::mismatch}},
    {"v1-proof-root", {"log", Code::mismatch}},
    {"v2-proof-root", {"log", Code::mismatch}},
    {"v1-entry-twice", {"log", Code::mismatch}},
    {"v2-entry-twice", {"log", Code::mismatch}},
    {"v2-proof-missing", {"log", Code::mismatch}},
    {"v1-checkpoint-missing", {"log", Code::mismatch}},
    {"v2-checkpoint-missing", {"log", Code::mismatch}},
    {"v1-checkpoint-signature", {"log", Code::bad_signature}},
    {"v2-checkpoint-signature", {"log", Code::bad_signature}},
    {"v1-checkpoint-hint", {"log", Code::mismatch}},
    {"v2-checkpoint-hint", {"log", Code::mismatch}},
    {"v1-checkpoint-unsigned", {"log", Code::bad_signature}},
    {"v2-checkpoint-unsigned", {"log", Code::bad_signature}},
    {"v1-checkpoint-older", {"log", Code::mismatch}},
    {"v1-checkpoint-other-tree", {"log", Code::mismatch}},
    {"v2-checkpoint-older", {"log", Code::mismatch}},
    {"v2-checkpoint-other-tree", {"log", Code::mismatch}},
    {"v2-checkpoint-other-origin", {"log", Code::mismatch}},
    {"promise-bit", {"log", Code::bad_signature}},
    {"promise-of-another", {"log", Code::bad_signature}},
    {"promise-other-time", {"log", Code::bad_signature}},
    {"promise-other-index", {"log", Code::bad_signature}},
    {"v1-unknown-log", {"log", Code::not_found}},
    {"v2-unknown-log", {"log", Code::not_found}},
    {"v1-namesake-log", {"log", Code::not_found}},
    {"v2-namesake-log", {"log", Code::not_found}},
    {"v1-disguised-log", {"log", Code::bad_signature}},
    {"v2-disguised-log", {"log", Code::mismatch}},
    {"no-entry", {"log", Code::not_found}},
    {"log-window-over", {"log", Code::mismatch}},
    {"log-window-ahead", {"log", Code::mismatch}},
    {"v1-entry-other-artifact", {"log", Code::mismatch}},
    {"v2-entry-other-artifact", {"log", Code::mismatch}},
    {"v1-entry-other-signature", {"log", Code::mismatch}},
    {"v2-entry-other-signature", {"log", Code::mismatch}},
    {"v1-entry-other-certificate", {"log", Code::mismatch}},
    {"v2-entry-other-certificate", {"log", Code::mismatch}},
    {"v1-entry-key-for-certificate", {"log", Code::mismatch}},
    {"v2-entry-key-for-certificate", {"log", Code::mismatch}},
    {"v1-entry-other-key", {"log", Code::mismatch}},
    {"v2-entry-other-key", {"log", Code::mismatch}},
    {"v1-entry-other-payload", {"log", Code::mismatch}},
    {"v1-entry-as-message", {"log", Code::mismatch}},
    {"v1-entry-other-kind", {"log", Code::mismatch}},
    {"v2-entry-other-kind", {"log", Code::mismatch}},
    {"v1-entry-other-version", {"log", Code::mismatch}},
    {"v2-entry-other-version", {"log", Code::mismatch}},
    {"v1-entry-no-json", {"log", Code::malformed}},
    {"v2-entry-no-json", {"log", Code::malformed}},
    {"v1-entry-whole-other", {"log", Code::mismatch}},
    {"v2-entry-whole-other", {"log", Code::mismatch}},
    {"timestamp-missing", {"time", Code::not_found}},
    {"timestamp-other-bytes", {"time", Code::mismatch}},
    {"timestamp-of-artifact", {"time", Code::mismatch}},
    {"timestamp-stranger", {"time", Code::mismatch}},
    {"timestamp-namesake", {"time", Code::mismatch}},
    {"timestamp-bit", {"time", Code::bad_signature}},
    {"timestamp-cut", {"time", Code::malformed}},
    {"timestamp-unlisted", {"time", Code::not_found}},
    {"v1-no-promise-no-timestamp", {"time", Code::not_found}},
    {"tsa-expired", {"time", Code::mismatch}},
    {"tsa-ahead", {"time", Code::mismatch}},
    {"tsa-eku-missing", {"time", Code::mismatch}},
    {"tsa-eku-not-critical", {"time", Code::mismatch}},
    {"tsa-eku-code-signing", {"time", Code::mismatch}},
    {"tsa-eku-two", {"time", Code::mismatch}},
    {"tsa-root-expired", {"time", Code::mismatch}},
    {"tsa-window-over", {"time", Code::mismatch}},
    {"tsa-window-ahead", {"time", Code::mismatch}},
    {"promise-before-first-second", {"certificate", Code::mismatch}},
    {"timestamp-before-first-second", {"certificate", Code::mismatch}},
    {"promise-after-last-second", {"certificate", Code::mismatch}},
    {"timestamp-after-last-second", {"certificate", Code::mismatch}},
    {"times-disagree-promise", {"certificate", Code::mismatch}},
    {"times-disagree-timestamp", {"certificate", Code::mismatch}},
    {"leaf-is-ca", {"certificate", Code::mismatch}},
    {"leaf-no-eku", {"certificate", Code::mismatch}},
    {"leaf-eku-time-stamping", {"certificate", Code::mismatch}},
    {"leaf-eku-server", {"certificate", Code::mismatch}},
    {"leaf-unknown-critical", {"certificate", Code::mismatch}},
    {"leaf-extension-twice", {"material", Code::malformed}},
    {"leaf-san-twice", {"material", Code::malformed}},
    {"leaf-version-1", {"material", Code::malformed}},
    {"leaf-version-2", {"material", Code::malformed}},
    {"leaf-poison", {"certificate", Code::mismatch}},
    {"leaf-issuer-name", {"certificate", Code::mismatch}},
    {"leaf-algorithm", {"material", Code::malformed}},
    {"leaf-lives-backwards", {"certificate", Code::mismatch}},
    {"leaf-signature", {"certificate", Code::mismatch}},
    {"leaf-trailing", {"material", Code::malformed}},
    {"leaf-stranger", {"certificate", Code::mismatch}},
    {"leaf-namesake", {"certificate", Code::mismatch}},
    {"leaf-self-signed", {"certificate", Code::mismatch}},
    {"intermediate-expired", {"certificate", Code::mismatch}},
    {"intermediate-ahead", {"certificate", Code::mismatch}},
    {"intermediate-no-ca", {"certificate", Code::mismatch}},
    {"intermediate-unconstrained", {"certificate", Code::mismatch}},
    {"intermediate-eku-time-stamping", {"certificate", Code::mismatch}},
    {"intermediate-key-usage", {"certificate", Code::mismatch}},
    {"intermediate-unknown-critical", {"certificate", Code::mismatch}},
    {"intermediate-signature", {"certificate", Code::mismatch}},
    {"root-expired", {"certificate", Code::mismatch}},
    {"root-path-length", {"certificate", Code::mismatch}},
    {"ca-window-over", {"certificate", Code::mismatch}},
    {"ca-window-ahead", {"certificate", Code::mismatch}},
    {"ca-root-alone", {"certificate", Code::mismatch}},
    {"ca-unlisted", {"certificate", Code::not_found}},
    {"sct-missing", {"sct", Code::not_found}},
    {"sct-none", {"sct", Code::malformed}},
    {"sct-stranger", {"sct", Code::not_found}},
    {"sct-disguised", {"sct", Code::bad_signature}},
    {"sct-other-certificate", {"sct", Code::bad_signature}},
    {"sct-bit", {"sct", Code::bad_signature}},
    {"sct-other-time", {"sct", Code::bad_signature}},
    {"sct-extensions", {"sct", Code::bad_signature}},
    {"sct-unlisted", {"sct", Code::not_found}},
    {"ct-window-over", {"sct", Code::mismatch}},
    {"ct-window-ahead", {"sct", Code::mismatch}},
    {"identity-other", {"identity", Code::mismatch}},
    {"identity-case", {"identity", Code::mismatch}},
    {"issuer-other", {"identity", Code::mismatch}},
    {"leaf-no-name", {"identity", Code::mismatch}},
    {"leaf-issuer-only-old-agrees", {"identity", Code::mismatch}},
    {"leaf-issuer-malformed", {"identity", Code::malformed}},
    {"signature-bit", {"signature", Code::bad_signature}},
    {"key-signature-bit", {"signature", Code::bad_signature}},
    {"signature-other-key", {"signature", Code::bad_signature}},
    {"key-signature-other-key", {"signature", Code::bad_signature}},
    {"signature-other-bytes", {"signature", Code::bad_signature}},
    {"key-signature-other-bytes", {"signature", Code::bad_signature}},
    {"artifact-other", {"log", Code::mismatch}},
    {"key-artifact-other", {"log", Code::mismatch}},
    {"digest-other", {"log", Code::mismatch}},
    {"key-digest-other", {"log", Code::mismatch}},
    {"envelope-signature-bit", {"signature", Code::bad_signature}},
    {"key-envelope-signature-bit", {"signature", Code::bad_signature}},
    {"envelope-payload", {"log", Code::mismatch}},
    {"key-envelope-payload", {"log", Code::mismatch}},
    {"envelope-type", {"signature", Code::bad_signature}},
    {"key-envelope-type", {"signature", Code::bad_signature}},
    {"envelope-payload-alone", {"signature", Code::bad_signature}},
    {"key-envelope-payload-alone", {"signature", Code::bad_signature}},
    {"envelope-artifact", {"subject", Code::mismatch}},
    {"key-envelope-artifact", {"subject", Code::mismatch}},
    {"key-for-certificate", {"material", Code::not_found}},
    {"key-as-certificate", {"material", Code::malformed}},
    {"certificate-for-key", {"log", Code::mismatch}},
    {"certificate-of-another", {"signature", Code::bad_signature}},
    {"v2-log-no-url", {"log", Code::malformed}},
    {"v2-log-other-url", {"log", Code::mismatch}},
    {"timestamp-digest", {"time", Code::bad_signature}},
    {"timestamp-no-certificate-id", {"time", Code::malformed}},
    {"timestamp-no-signer", {"time", Code::malformed}},
    {"timestamp-two-signers", {"time", Code::malformed}},
    {"timestamp-content-type", {"time", Code::malformed}},
    {"v2-signature-bit", {"signature", Code::bad_signature}},
    {"v2-signature-other-key", {"signature", Code::bad_signature}},
    {"v2-signature-other-bytes", {"signature", Code::bad_signature}},
    {"v2-artifact-other", {"log", Code::mismatch}},
    {"v2-digest-other", {"log", Code::mismatch}},
    {"v2-envelope-signature-bit", {"signature", Code::bad_signature}},
    {"v2-envelope-payload", {"log", Code::mismatch}},
    {"v2-envelope-type", {"log", Code::mismatch}},
    {"v2-envelope-payload-alone", {"signature", Code::bad_signature}},
    {"v2-envelope-artifact", {"subject", Code::mismatch}},
    {"old-promise-bit", {"log", Code::bad_signature}},
    {"old-promise-missing", {"log", Code::mismatch}},
    {"old-promise-of-another", {"log", Code::mismatch}},
    {"old-entry-other-payload", {"log", Code::mismatch}},
    {"old-entry-other-signature", {"log", Code::mismatch}},
    {"old-entry-other-certificate", {"log", Code::mismatch}},
    {"old-unknown-log", {"log", Code::not_found}},
    {"old-log-window-over", {"log", Code::mismatch}},
    {"old-after-certificate", {"certificate", Code::mismatch}},
    {"old-signature-bit", {"signature", Code::bad_signature}},
    {"old-artifact-other", {"subject", Code::mismatch}},
};

// What the form of a bundle forbids (since v0.2 an entry without an inclusion proof) and the judge does not:
// a promise alone is enough for what is older.
const std::set<std::string> of_form = {"v1-proof-missing"};

TrustedMaterial material_of(const Question& asked) {
  TrustedMaterial material;
  material.parties = TrustedParties::from(asked.root);
  material.at = authority::testing::World().now;
  if (asked.ask == Ask::key) material.keys.push_back({asked.made.key, "k.pub"});
  return material;
}

Requirements required(const Question& asked, const crypto::PassingMessage& file) {
  Requirements out;
  out.subject = oci::Digest::sha256(asked.made.artifact);
  out.digests = digests_of(file);
  const auto& content = asked.made.bundle.content;
  if (std::holds_alternative<bundle::MessageContent>(content)) out.wanted = Wanted::message;
  if (std::holds_alternative<bundle::EnvelopeContent>(content)) {
    out.wanted = Wanted::attestation;
    out.predicate_types.clear();
  }
  IdentityRule rule;
  rule.subject.exact = asked.identity;
  rule.issuer.exact = asked.issuer;
  out.identities.push_back(std::move(rule));
  return out;
}

Verdict judged(const Question& asked) {
  const TrustedMaterial material = material_of(asked);
  crypto::PassingMessage file;
  expect(file, asked.made.bundle, material);
  file.expect(crypto::HashAlgorithm::sha256);
  file.update(as_bytes(asked.made.artifact));
  file.finish();
  return judge(asked.made.bundle, material, required(asked, file), &file);
}

TEST(Cases, EachVerifiesOrIsRefusedForItsReason) {
  std::size_t good = 0, bad = 0;
  for (const auto& one : authority::testing::cases()) {
    SCOPED_TRACE(one.name + ": " + one.what);
    const Question asked = one.make();
    const Verdict verdict = judged(asked);
    if (of_form.contains(one.name)) {
      EXPECT_FALSE(bundle::write(asked.made.bundle));
      EXPECT_TRUE(verdict.accepted());
      continue;
    }
    const Check* failure = verdict.first_failure();
    const auto wanted = refusals.find(one.name);
    EXPECT_EQ(one.good, verdict.accepted()) << (failure ? failure->id + ": " + failure->detail : "");
    std::optional<Refusal> refusal;
    if (failure != nullptr) refusal = {failure->id, failure->code.value_or(Code::internal)};
    EXPECT_EQ(refusal, wanted == refusals.end() ? std::nullopt : std::optional(wanted->second));
    (one.good ? good : bad) += 1;
  }
  EXPECT_GT(good, 20u);
  EXPECT_GT(bad, 80u);
}

}  // namespace
}  // namespace sigstore::verify
