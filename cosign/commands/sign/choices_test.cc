// What lines of cosign 1, 2 and 3 ask for.
#include "cosign/commands/sign/choices.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"

namespace cosign {
namespace {

using sigstore::store::Format;
using Words = std::vector<std::string>;

constexpr const char* no_services =
    R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","rekorTlogConfig":{},"tsaConfig":{}})";

// "no log: sig", "log: bundle", or the error.
std::string asked(const Words& settings) {
  SignFlags flags;
  FlagSet set;
  flags.declare(set);
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    Flag* flag = set.find(setting.substr(0, equals));
    if (flag == nullptr) return "no flag " + setting;
    if (!flag->set(setting.substr(equals + 1))) return "bad value " + setting;
    flag->given = true;
  }
  sigstore::fakes::FakeEnv fake;
  fake.files.put("none.json", no_services);
  fake.files.put("media-type-alone.json",
                 R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json"})");
  fake.files.put("log.json", R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json",
                                 "rekorTlogUrls":[{"url":"https://rekor.example"}]})");
  fake.files.put("tsa.json", R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json",
                                 "tsaUrls":[{"url":"https://tsa.example"}]})");
  fake.files.put("old.json", R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.1+json"})");
  fake.files.put("broken.json", "{");
  const auto no_log = without_log(flags, *fake.env().files);
  if (!no_log) return std::string(sigstore::name(no_log.error().code));
  std::string text = *no_log ? "no log:" : "log:";
  for (const Format format : formats_to_store(flags, set.given("new-bundle-format")))
    text += " " + std::string(sigstore::store::name(format));
  return text;
}

TEST(SignChoices, EverySpellingOfNoLog) {
  EXPECT_EQ(asked({}), "log: sig");
  EXPECT_EQ(asked({"tlog-upload=true"}), "log: sig");
  EXPECT_EQ(asked({"tlog-upload=false"}), "no log: sig");
  EXPECT_EQ(asked({"tlog-upload=0"}), "no log: sig");
  EXPECT_EQ(asked({"no-tlog-upload=true"}), "no log: sig");  // cosign 1
  EXPECT_EQ(asked({"no-tlog-upload=false"}), "log: sig");
  EXPECT_EQ(asked({"tlog-upload=false", "use-signing-config=false"}), "no log: sig");  // cosign 3
  EXPECT_EQ(asked({"use-signing-config=false"}), "log: sig");
  EXPECT_EQ(asked({"signing-config=none.json"}), "no log: sig");
  EXPECT_EQ(asked({"signing-config=media-type-alone.json"}), "no log: sig");
  EXPECT_EQ(asked({"signing-config=log.json"}), "log: sig");
  EXPECT_EQ(asked({"signing-config=log.json", "tlog-upload=false"}), "no log: sig");
}

TEST(SignChoices, ASigningConfigThatCannotBeUsedIsSaid) {
  EXPECT_EQ(asked({"signing-config=tsa.json"}), "unsupported");
  EXPECT_EQ(asked({"signing-config=old.json"}), "unsupported");
  EXPECT_EQ(asked({"signing-config=broken.json"}), "malformed");
  EXPECT_EQ(asked({"signing-config=absent.json"}), "not_found");
}

TEST(SignChoices, Formats) {
  EXPECT_EQ(asked({"no-tlog-upload=1", "new-bundle-format=true"}), "no log: bundle");
  EXPECT_EQ(asked({"no-tlog-upload=1", "new-bundle-format=false"}), "no log: sig");
  EXPECT_EQ(asked({"no-tlog-upload=1", "registry-referrers-mode=oci-1-1"}), "no log: bundle");
  EXPECT_EQ(asked({"no-tlog-upload=1", "registry-referrers-mode=legacy"}), "no log: sig");
  EXPECT_EQ(asked({"no-tlog-upload=1", "registry-referrers-mode=oci-1-1", "new-bundle-format=false"}),
            "no log: sig");
  EXPECT_EQ(asked({"no-tlog-upload=1", "signature-format=both"}), "no log: sig bundle");
  EXPECT_EQ(asked({"no-tlog-upload=1", "signature-format=sig", "new-bundle-format=true"}), "no log: sig");
  EXPECT_EQ(asked({"no-tlog-upload=1", "signature-format=bundle", "new-bundle-format=false"}),
            "no log: bundle");
  EXPECT_EQ(asked({"registry-referrers-mode=x"}), "bad value registry-referrers-mode=x");
}

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
