#include "cosign/verification/image_flags.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

// cosign.md 1.6: what 2.6 and 3.1 declare.
TEST(ImageFlags, AllOfTheOriginals) {
  ImageFlags flags;
  FlagSet set;
  flags.declare(set);
  for (const char* name : {"key",
                           "sk",
                           "slot",
                           "check-claims",
                           "annotations",
                           "output",
                           "attachment",
                           "signature",
                           "payload",
                           "local-image",
                           "signature-digest-algorithm",
                           "rekor-url",
                           "offline",
                           "timestamp-certificate-chain",
                           "use-signed-timestamps",
                           "insecure-ignore-tlog",
                           "private-infrastructure",
                           "experimental-oci11",
                           "max-workers",
                           "trusted-root",
                           "new-bundle-format",
                           "allow-certificate-chain",
                           "certificate",
                           "certificate-identity",
                           "certificate-identity-regexp",
                           "certificate-oidc-issuer",
                           "certificate-oidc-issuer-regexp",
                           "certificate-github-workflow-trigger",
                           "certificate-github-workflow-sha",
                           "certificate-github-workflow-name",
                           "certificate-github-workflow-repository",
                           "certificate-github-workflow-ref",
                           "certificate-chain",
                           "ca-roots",
                           "ca-intermediates",
                           "sct",
                           "insecure-ignore-sct",
                           "cert",
                           "cert-chain",
                           "cert-email",
                           "cert-identity",
                           "cert-oidc-issuer",
                           "allow-insecure-registry",
                           "allow-http-registry",
                           "registry-cacert",
                           "attachment-tag-prefix"})
    EXPECT_NE(set.find(name), nullptr) << name;
  EXPECT_EQ(set.find('a'), set.find("annotations"));
  EXPECT_EQ(set.find('o'), set.find("output"));
}

}  // namespace
}  // namespace cosign
