#include "cosign/commands/attest/flags.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

// cosign.md 1.4: what 2.4, 2.6 and 3.1 declare.
TEST(AttestFlags, AllOfTheOriginals) {
  AttestFlags flags;
  FlagSet set;
  flags.declare(set);
  for (const char* name : {"key",
                           "sk",
                           "slot",
                           "predicate",
                           "statement",
                           "type",
                           "bundle",
                           "no-upload",
                           "replace",
                           "recursive",
                           "yes",
                           "tlog-upload",
                           "no-tlog-upload",
                           "rekor-entry-type",
                           "record-creation-timestamp",
                           "certificate",
                           "certificate-chain",
                           "new-bundle-format",
                           "use-signing-config",
                           "signing-config",
                           "trusted-root",
                           "timestamp-server-url",
                           "timestamp-client-cacert",
                           "timestamp-client-cert",
                           "timestamp-client-key",
                           "timestamp-server-name",
                           "issue-certificate",
                           "rekor-url",
                           "fulcio-url",
                           "identity-token",
                           "fulcio-auth-flow",
                           "insecure-skip-verify",
                           "oidc-issuer",
                           "oidc-client-id",
                           "oidc-client-secret-file",
                           "oidc-redirect-url",
                           "oidc-provider",
                           "oidc-disable-ambient-providers",
                           "allow-insecure-registry",
                           "allow-http-registry",
                           "k8s-keychain",
                           "registry-username",
                           "registry-password",
                           "registry-token",
                           "registry-cacert",
                           "registry-client-cert",
                           "registry-client-key",
                           "registry-server-name",
                           "attachment-tag-prefix",
                           "registry-referrers-mode"})
    EXPECT_NE(set.find(name), nullptr) << name;
  EXPECT_EQ(set.find('r'), set.find("recursive"));
  EXPECT_EQ(set.find('y'), set.find("yes"));
  EXPECT_EQ(set.find("type")->default_text, "custom");
}

TEST(AttestFlags, TheFormatIsThatOfItsTag) {
  using sigstore::store::Format;
  AttestFlags flags;
  FlagSet set;
  flags.declare(set);
  EXPECT_EQ(flags.format.formats(false), std::vector{Format::envelope});
  for (const char* spelling : {"att", "sig"}) {
    ASSERT_TRUE(set.find("signature-format")->set(spelling));
    EXPECT_EQ(flags.format.formats(true), std::vector{Format::envelope}) << spelling;
  }
  ASSERT_TRUE(set.find("signature-format")->set("both"));
  EXPECT_EQ(flags.format.formats(false), (std::vector{Format::envelope, Format::bundle}));
}

}  // namespace
}  // namespace cosign
