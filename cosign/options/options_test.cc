#include <gtest/gtest.h>

#include <set>

#include "cosign/options/global.h"
#include "cosign/options/platform.h"
#include "cosign/options/registry.h"
#include "cosign/options/workers.h"
#include "sigstore/base/limits.h"

namespace cosign {
namespace {

TEST(GlobalOptions, TheProgramsFlags) {
  GlobalOptions options;
  FlagSet flags;
  options.declare(flags);
  EXPECT_EQ(flags.find("timeout")->default_text, "3m0s");
  EXPECT_EQ(flags.find('t'), flags.find("timeout"));
  EXPECT_EQ(flags.find('d'), flags.find("verbose"));
  ASSERT_TRUE(flags.find("output-file")->set("f"));
  ASSERT_TRUE(flags.find("timeout")->set("90s"));
  EXPECT_EQ(options.output_file, "f");
  EXPECT_EQ(options.timeout, std::chrono::seconds(90));
}

TEST(PlatformFlag, IsReadAndCanBeTakenBack) {
  std::optional<sigstore::oci::Platform> platform;
  FlagSet flags;
  declare_platform(flags, &platform, "which");
  EXPECT_EQ(flags.find("platform")->set("linux").error().message,
            "must look like linux/amd64 or linux/arm/v7");
  ASSERT_TRUE(flags.find("platform")->set("linux/arm/v7"));
  EXPECT_EQ(platform, (sigstore::oci::Platform{"linux", "arm", "v7", {}}));
  ASSERT_TRUE(flags.find("platform")->set(""));
  EXPECT_EQ(platform, std::nullopt);
}

TEST(WorkersFlag, IsAtLeastOneAndBounded) {
  int workers = 10;
  FlagSet flags;
  Flag& flag = declare_workers(flags, &workers, "how many");
  EXPECT_EQ(flag.default_text, "10");
  for (const char* text : {"0", "-1", "many", "1.5", ""}) EXPECT_FALSE(flag.set(text)) << text;
  EXPECT_EQ(workers, 10);
  ASSERT_TRUE(flag.set("3"));
  EXPECT_EQ(workers, 3);
  ASSERT_TRUE(flag.set("100000"));
  EXPECT_EQ(workers, sigstore::limits::most_workers);
}

TEST(RegistryFlags, AllOfTheOriginals) {
  RegistryFlags registry;
  FlagSet flags;
  registry.declare(flags);
  const std::set<std::string> expected = {
      "allow-insecure-registry", "allow-http-registry",  "k8s-keychain",         "registry-username",
      "registry-password",       "registry-token",       "registry-cacert",      "registry-client-cert",
      "registry-client-key",     "registry-server-name", "attachment-tag-prefix"};
  std::set<std::string> names;
  for (const auto& flag : flags.all()) {
    names.insert(flag->name);
    ASSERT_TRUE(flag->set(flag->boolean ? "true" : flag->name)) << flag->name;
  }
  EXPECT_EQ(names, expected);
  EXPECT_TRUE(registry.allow_insecure && registry.allow_http && registry.k8s_keychain);
  EXPECT_EQ(registry.username, "registry-username");
  EXPECT_EQ(registry.password, "registry-password");
  EXPECT_EQ(registry.token, "registry-token");
  EXPECT_EQ(registry.cacert, "registry-cacert");
  EXPECT_EQ(registry.client_cert, "registry-client-cert");
  EXPECT_EQ(registry.client_key, "registry-client-key");
  EXPECT_EQ(registry.server_name, "registry-server-name");
  EXPECT_EQ(registry.attachment_tag_prefix, "attachment-tag-prefix");
  EXPECT_EQ(flags.find("registry-cacert")->variable, "COSIGN_REGISTRY_CACERT");
}

}  // namespace
}  // namespace cosign
