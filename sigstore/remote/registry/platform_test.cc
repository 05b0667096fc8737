#include "sigstore/remote/registry/platform.h"

#include <gtest/gtest.h>

#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::remote {
namespace {

const oci::Repository repository{"registry.example", "team/app"};

oci::Descriptor add_image(testing::MemoryRegistry& registry, const std::string& tag,
                          const std::string& config) {
  oci::Manifest manifest;
  manifest.media_type = oci::media_type::oci_manifest;
  manifest.config = registry.add_blob(repository, config);
  manifest.config.media_type = oci::media_type::oci_config;
  return registry.add_manifest(repository, tag, oci::media_type::oci_manifest, manifest.write());
}

Result<oci::Descriptor> resolve(testing::MemoryRegistry& registry, const std::string& tag,
                                const char* platform) {
  return resolve_platform(registry, *oci::Reference::parse(repository.text() + ":" + tag),
                          *oci::Platform::parse(platform));
}

TEST(ResolvePlatform, OfAnIndexTheChildThatFits) {
  testing::MemoryRegistry registry;
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  for (const char* text : {"linux/amd64", "linux/arm64"}) {
    auto child = add_image(registry, "", std::string("{\"os\":\"") + text + "\"}");
    child.platform = *oci::Platform::parse(text);
    index.manifests.push_back(child);
  }
  registry.add_manifest(repository, "multi", oci::media_type::oci_index, index.write());
  registry.clear_log();

  const auto arm = resolve(registry, "multi", "linux/arm64/v8");
  ASSERT_TRUE(arm) << arm.error().text();
  EXPECT_EQ(arm->digest, index.manifests[1].digest);
  EXPECT_EQ(registry.log().size(), 2U) << "one HEAD, one manifest";
  const auto none = resolve(registry, "multi", "linux/s390x");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::not_found);
  EXPECT_EQ(none.error().message, "registry.example/team/app:multi has no image for linux/s390x");
}

TEST(ResolvePlatform, AnImageThatStandsAloneMustBeForIt) {
  testing::MemoryRegistry registry;
  const auto image = add_image(registry, "one", R"({"os":"linux","architecture":"arm64","variant":"v8"})");
  EXPECT_EQ(resolve(registry, "one", "linux/arm64")->digest, image.digest);
  const auto other = resolve(registry, "one", "linux/amd64");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::not_found);
  EXPECT_EQ(other.error().message, "registry.example/team/app:one is not for linux/amd64");
  EXPECT_EQ(other.error().cause, "it is no index, and its one image is for linux/arm64/v8");
}

TEST(ResolvePlatform, WhatCannotBeReadIsAnError) {
  testing::MemoryRegistry registry;
  add_image(registry, "one", "{}");
  const auto nothing = resolve(registry, "one", "linux/amd64");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Code::malformed);
  EXPECT_EQ(nothing.error().message, "cannot tell which platforms registry.example/team/app:one is for");
  EXPECT_EQ(resolve(registry, "absent", "linux/amd64").error().code, Code::not_found);
}

}  // namespace
}  // namespace sigstore::remote
