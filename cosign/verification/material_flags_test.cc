#include "cosign/verification/material_flags.h"

#include <gtest/gtest.h>

#include "cosign/verification/internal/flags_of.h"

namespace cosign {
namespace {

std::string refusal(const Words& words) {
  const auto checked = flags_of<MaterialFlags>(words).check("a line");
  return checked ? "none" : checked.error().message;
}

const Words keyless = {{"certificate-identity", "a@example.com"},
                       {"certificate-oidc-issuer", "https://issuer.example"}};
Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(MaterialFlags, SomebodyIsNamed) {
  EXPECT_EQ(refusal({}), "whose signature is wanted is not said");
  EXPECT_EQ(flags_of<MaterialFlags>({}).check("a line").error().hint,
            "a line\nor, where the signature has a certificate, --certificate-identity NAME "
            "--certificate-oidc-issuer URL in place of --key");
  EXPECT_EQ(flags_of<MaterialFlags>({{"trusted-root", "r"}}).check("a line").error().hint,
            "add --certificate-identity NAME --certificate-oidc-issuer URL, or --key cosign.pub");
  EXPECT_EQ(refusal({{"trusted-root", "r"}}), "whose signature is wanted is not said");
  EXPECT_EQ(refusal({{"key", "k"}}), "none");
  EXPECT_EQ(refusal(keyless), "none");
  EXPECT_EQ(refusal({{"certificate", "c"}}),
            "--certificate-identity or --certificate-identity-regexp is required to verify without --key");
}

TEST(MaterialFlags, AKeyAndAnIdentityExcludeEachOther) {
  EXPECT_EQ(refusal(with(keyless, {{"key", "k"}})), "a key and an identity exclude each other");
  EXPECT_EQ(refusal({{"key", "k"}, {"certificate-oidc-issuer", "i"}}),
            "a key and an identity exclude each other");
  EXPECT_EQ(refusal({{"key", "k"}, {"certificate", "c"}}), "--key and --certificate exclude each other");
  EXPECT_EQ(refusal({{"key", "k"}, {"certificate-identity", ""}}), "none");
}

TEST(MaterialFlags, WhatIsAskedOfKeysNeedsThem) {
  EXPECT_EQ(refusal(with(keyless, {{"threshold", "2"}})), "--threshold counts keys, not identities");
  EXPECT_EQ(refusal(with(keyless, {{"keyset-root", "x"}})),
            "what a key set must be is given beside an identity");
  EXPECT_EQ(flags_of<MaterialFlags>({{"threshold", "2"}}).check_absent().error().hint,
            "add --key cosign.pub");
  EXPECT_EQ(refusal({{"key", "k"}, {"threshold", "0"}}), "--threshold 0 is less than one key");
}

TEST(MaterialFlags, AuthoritiesAreNamedOneWay) {
  for (const char* part : {"certificate-chain", "ca-roots", "timestamp-certificate-chain"})
    EXPECT_EQ(refusal(with(keyless, {{"trusted-root", "r"}, {part, "f"}})),
              "--trusted-root and --" + std::string(part) + " exclude each other");
  EXPECT_EQ(refusal(with(keyless, {{"certificate-chain", "f"}, {"ca-roots", "f"}})),
            "--certificate-chain excludes --ca-roots and --ca-intermediates");
  EXPECT_EQ(refusal(with(keyless, {{"ca-intermediates", "f"}})), "--ca-intermediates needs --ca-roots");
  EXPECT_EQ(refusal(with(keyless, {{"ca-roots", "f"}, {"ca-intermediates", "f"}})), "none");
}

TEST(MaterialFlags, WhatIsNotBuiltIsRefused) {
  EXPECT_EQ(refusal({{"key", "k"}, {"sk", "true"}}), "--sk is not supported by this version");
  EXPECT_EQ(refusal({{"key", "k"}, {"sk", "false"}}), "none");
  EXPECT_EQ(refusal({{"key", "k"}, {"rekor-url", "https://rekor.example"}}), "none");
}

sigstore::verify::Requirements required(const Words& words) {
  sigstore::verify::Requirements requirements;
  flags_of<MaterialFlags>(words).evidence.apply(requirements);
  return requirements;
}

TEST(EvidenceFlags, HowMuchIsNeeded) {
  const auto all = required({});
  EXPECT_EQ(all.log_entries, 1);
  EXPECT_EQ(all.scts, 1);
  EXPECT_EQ(all.signed_times, 0);
  EXPECT_FALSE(all.current_time);
  EXPECT_EQ(required({{"insecure-ignore-tlog", "true"}}).log_entries, 0);
  EXPECT_EQ(required({{"private-infrastructure", "true"}}).log_entries, 0);
  EXPECT_EQ(required({{"insecure-ignore-sct", "true"}}).scts, 0);
  EXPECT_EQ(required({{"use-signed-timestamps", "true"}}).signed_times, 1);
  EXPECT_EQ(required({{"offline", "true"}}).log_entries, 1);
}

// Only without log and signed time is the present all that is left.
TEST(EvidenceFlags, TheCurrentTimeIsForWhatHasNoOther) {
  EXPECT_TRUE(required({{"insecure-ignore-tlog", "true"}}).current_time);
  EXPECT_FALSE(required({{"insecure-ignore-tlog", "true"}, {"use-signed-timestamps", "true"}}).current_time);
  sigstore::verify::Requirements given;
  given.signed_times = 1;  // by --rfc3161-timestamp
  flags_of<MaterialFlags>({{"insecure-ignore-tlog", "true"}}).evidence.apply(given);
  EXPECT_EQ(given.signed_times, 1);
  EXPECT_FALSE(given.current_time);
}

}  // namespace
}  // namespace cosign
