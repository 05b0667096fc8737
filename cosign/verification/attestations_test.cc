#include "cosign/verification/attestations.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::check::Candidate;
using sigstore::check::ImageResult;
using sigstore::store::Format;
using sigstore::verify::Check;
using sigstore::verify::Status;
namespace oci = sigstore::oci;

const oci::Digest stored = oci::Digest::sha256("stored");

Candidate attestation(Format format, const std::string& payload, std::vector<Check> checks = {}) {
  sigstore::bundle::Bundle bundle;
  bundle.content = sigstore::bundle::EnvelopeContent{"t", payload};
  const std::string place = format == Format::bundle ? "r@" + stored.text() : "r:x.att";
  Candidate out{{format, stored, place, std::move(bundle), {}}, {}};
  out.verdict.key_fingerprint = "sha256:k";
  out.verdict.claims.type = "a:b";
  out.verdict.checks = {{"signature", "", Status::passed, "", "", ""},
                        {"type", "", Status::passed, "", "", ""},
                        {"subject", "", Status::passed, "", "", ""}};
  for (Check& check : checks) out.verdict.checks.push_back(std::move(check));
  return out;
}
Candidate refused(const std::string& id, const std::string& detail) {
  return attestation(Format::envelope, "p", {{id, "", Status::failed, "", "", detail}});
}
ImageResult result_of(std::vector<Candidate> candidates) {
  ImageResult result;
  result.typed = "r:1";
  result.candidates = std::move(candidates);
  return result;
}

TEST(Attestations, OneThatStandsInBothFormsIsShownOnce) {
  const auto result = result_of({attestation(Format::envelope, "p"), attestation(Format::envelope, "q"),
                                 attestation(Format::bundle, "p"), refused("policy", "no")});
  const auto entries = shown_attestations(result);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0], &result.candidates[0]);
  EXPECT_EQ(entries[1], &result.candidates[1]);
}

TEST(Attestations, ByTwoKeysItIsShownTwice) {
  auto other = attestation(Format::bundle, "p");
  other.verdict.key_fingerprint = "sha256:other";
  EXPECT_EQ(shown_attestations(result_of({attestation(Format::envelope, "p"), other})).size(), 2u);
}

TEST(Attestations, TheHeaderSaysWhichTypeWasVerifiedAndWhere) {
  const auto result =
      result_of({attestation(Format::envelope, "p", {{"policy", "", Status::passed, "", "", ""}})});
  EXPECT_EQ(
      attestation_header(result, shown_attestations(result)),
      (std::vector<std::string>{
          "", "Verification for r:1 --", "The following checks were performed on each of these signatures:",
          "  - The cosign claims were validated",
          "  - The signatures were verified against the specified public key",
          "  - The policies were satisfied", "What was verified:", "  - a:b in r:x.att"}));
}

TEST(Attestations, WhatWasNotAskedForIsNotPassedOver) {
  Candidate unreadable{{Format::bundle,
                        stored,
                        "r@" + stored.text(),
                        sigstore::fail(sigstore::Code::malformed, "not a bundle"),
                        {}},
                       {}};
  EXPECT_EQ(passed_over(result_of({attestation(Format::envelope, "p"), refused("type", "it is a signature"),
                                   refused("policy", "a.rego:3: no"), unreadable})),
            (std::vector<std::string>{
                "the attestation in r:x.att (" + stored.text() + ") does not count: a.rego:3: no",
                "the attestation in r@" + stored.text() + " does not count: not a bundle"}));
}

}  // namespace
}  // namespace cosign
