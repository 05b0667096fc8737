// What lines of cosign 1, 2 and 3 ask for.
#include <gtest/gtest.h>

#include "cosign/signing/format_flags.h"
#include "cosign/signing/signing_flags.h"
#include "sigstore/base/testing/fake_env.h"

namespace cosign {
namespace {

using sigstore::store::Format;
using Words = std::vector<std::string>;

constexpr const char* no_services =
    R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","rekorTlogConfig":{},"tsaConfig":{}})";

// "no log: sig", "log: bundle", or the error.
std::string asked(const Words& settings) {
  SigningFlags signing;
  FormatFlags formats;
  FlagSet set;
  signing.declare(set);
  signing.declare_rest(set);
  formats.declare(set);
  formats.declare_rest(set);
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
  const auto no_log = signing.without_log(*fake.env().files);
  if (!no_log) return std::string(sigstore::name(no_log.error().code));
  std::string text = *no_log ? "no log:" : "log:";
  for (const Format format : formats.formats(set.given("new-bundle-format")))
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

}  // namespace
}  // namespace cosign
