#include "cosign/commands/sign/flags.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

// cosign.md 1.3: what 2.6 and 3.1 declare.
TEST(SignFlags, AllOfTheOriginals) {
  SignFlags flags;
  FlagSet set;
  flags.declare(set);
  for (const char* name : {"key",
                           "sk",
                           "slot",
                           "annotations",
                           "certificate",
                           "certificate-chain",
                           "upload",
                           "bundle",
                           "output-signature",
                           "output-payload",
                           "output-certificate",
                           "payload",
                           "recursive",
                           "attachment",
                           "yes",
                           "tlog-upload",
                           "timestamp-server-url",
                           "timestamp-client-cacert",
                           "timestamp-client-cert",
                           "timestamp-client-key",
                           "timestamp-server-name",
                           "issue-certificate",
                           "sign-container-identity",
                           "record-creation-timestamp",
                           "new-bundle-format",
                           "use-signing-config",
                           "signing-config",
                           "trusted-root",
                           "registry-referrers-mode",
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
                           "attachment-tag-prefix"})
    EXPECT_NE(set.find(name), nullptr) << name;
  EXPECT_EQ(set.find('a'), set.find("annotations"));
  EXPECT_EQ(set.find('r'), set.find("recursive"));
  EXPECT_EQ(set.find('y'), set.find("yes"));
}

}  // namespace
}  // namespace cosign
