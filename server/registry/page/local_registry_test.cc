#include "server/registry/page/local_registry.h"

#include <gtest/gtest.h>

#include "server/registry/page/testing/site.h"

namespace server::registry::page {
namespace {

using sigstore::Code;
using sigstore::oci::Reference;
using sigstore::oci::Repository;

const Repository app{"registry.example", "app"};

class LocalRegistryTest : public ::testing::Test {
 protected:
  void SetUp() override { site.load("legacy-signature", "app"); }
  testing::Site site{SOURCE_ROOT};
};

TEST_F(LocalRegistryTest, ReadsWhatIsThere) {
  LocalRegistry registry(site.shelves());
  const auto resolved = registry.resolve(*Reference::parse("registry.example/app:latest"));
  ASSERT_TRUE(resolved);
  const auto manifest = registry.manifest(app, "latest");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->descriptor, *resolved);
  EXPECT_TRUE(resolved->digest.matches(manifest->bytes));
  const auto parsed = sigstore::oci::Manifest::parse(manifest->bytes);
  EXPECT_TRUE(registry.blob(app, parsed->config, 1 << 20));
  EXPECT_EQ(registry.tags(app)->size(), 2U);
}

TEST_F(LocalRegistryTest, WhatIsNotInTheRepositoryIsNotThere) {
  LocalRegistry registry(site.shelves());
  const Repository other{"registry.example", "other"};
  const auto manifest = registry.manifest(app, "latest");
  const auto config = sigstore::oci::Manifest::parse(manifest->bytes)->config;
  EXPECT_EQ(registry.manifest(other, "latest").error().code, Code::not_found);
  EXPECT_EQ(registry.manifest(app, "absent").error().code, Code::not_found);
  EXPECT_EQ(registry.blob(other, config, 1 << 20).error().code, Code::not_found);
  EXPECT_EQ(registry.resolve(*Reference::parse("registry.example/other:latest")).error().code,
            Code::not_found);
}

TEST_F(LocalRegistryTest, ABlobIsOfTheSizeThatIsSaid) {
  LocalRegistry registry(site.shelves());
  auto config = sigstore::oci::Manifest::parse(registry.manifest(app, "latest")->bytes)->config;
  EXPECT_EQ(registry.blob(app, config, config.size - 1).error().code, Code::too_large);
  ++config.size;
  EXPECT_FALSE(registry.blob(app, config, 1 << 20));
}

TEST_F(LocalRegistryTest, TheBudgetEnds) {
  LocalRegistry bytes(site.shelves(), {.bytes = 500});
  EXPECT_TRUE(bytes.manifest(app, "latest"));
  EXPECT_EQ(bytes.manifest(app, "latest").error().code, Code::too_large);
  EXPECT_TRUE(bytes.spent());
  LocalRegistry time(site.shelves(), {.time = std::chrono::seconds(1)});
  EXPECT_FALSE(time.spent());
  site.driver.fake.clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(time.spent());
  EXPECT_EQ(time.manifest(app, "latest").error().code, Code::timeout);
}

TEST_F(LocalRegistryTest, NothingIsWritten) {
  LocalRegistry registry(site.shelves());
  EXPECT_EQ(registry.push_blob(app, {}, "x").error().code, Code::unsupported);
  EXPECT_EQ(registry.push_manifest(app, "t", "", "{}", {}).error().code, Code::unsupported);
}

TEST_F(LocalRegistryTest, ManyReferrersComeWhole) {
  const std::string image = site.driver.get("/v2/app/manifests/latest").body;
  namespace json = sigstore::codec::json;
  const auto subject = testing::Driver::descriptor(sigstore::oci::media_type::oci_manifest, image);
  for (int i = 0; i < 45; ++i) {
    const auto text =
        site.driver.image("app", "layer", {{"subject", subject}, {"artifactType", "n/" + std::to_string(i)}});
    site.driver.push_manifest("app", sigstore::oci::Digest::sha256(text).text(), text);
  }
  LocalRegistry registry(site.shelves());
  const auto answer = registry.referrers(app, sigstore::oci::Digest::sha256(image));
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->api && !answer->truncated);
  EXPECT_EQ(answer->descriptors.size(), 45U);
  LocalRegistry poor(site.shelves(), {.bytes = 50});
  EXPECT_TRUE(poor.referrers(app, sigstore::oci::Digest::sha256(image))->truncated);
  EXPECT_FALSE(LocalRegistry(site.shelves(false)).referrers(app, sigstore::oci::Digest::sha256(image))->api);
}

}  // namespace
}  // namespace server::registry::page
