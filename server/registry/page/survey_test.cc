#include "server/registry/page/survey.h"

#include <gtest/gtest.h>

#include "server/registry/page/testing/site.h"

namespace server::registry::page {
namespace {

using sigstore::oci::Digest;

const sigstore::oci::Repository app{"registry.example", "app"};

class SurveyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    site.load("legacy-signature", "app");
    site.trust("p256");
    env = site.driver.fake.env();
    surveys = std::make_unique<Surveys>(site.shelves(), env, site.keys);
    image = site.driver.get("/v2/app/manifests/latest").body;
  }
  std::shared_ptr<const Survey> look(const Budget& budget = {}) {
    LocalRegistry registry(site.shelves(), budget);
    return surveys->of(registry, app, Digest::sha256(image));
  }
  testing::Site site{SOURCE_ROOT};
  sigstore::Env env;
  std::unique_ptr<Surveys> surveys;
  std::string image;
};

TEST_F(SurveyTest, IsKeptUntilSomethingChanges) {
  const auto first = look();
  EXPECT_EQ(look(), first) << "the very same";
  const std::string tag = "sha256-" + std::string(Digest::sha256(image).hex()) + ".sig";
  ASSERT_EQ(site.driver.send("DELETE", "/v2/app/manifests/" + tag).status, 202);
  const auto second = look();
  EXPECT_EQ(first->attachments.found.size(), 1U);
  EXPECT_TRUE(second->attachments.found.empty());
}

TEST_F(SurveyTest, WhatIsNotWholeIsNotKept) {
  const auto poor = look({.bytes = 10});
  EXPECT_FALSE(poor->answer.complete && poor->attachments.failures.empty());
  const auto whole = look();
  EXPECT_EQ(whole->attachments.found.size(), 1U);
  EXPECT_TRUE(whole->answer.complete);
}

TEST_F(SurveyTest, MoreThanIsLookedAtIsKeptToo) {
  namespace json = sigstore::codec::json;
  const auto subject = testing::Driver::descriptor(sigstore::oci::media_type::oci_manifest, image);
  for (int i = 0; i < 1010; ++i) {
    const auto text =
        site.driver.image("app", "layer", {{"subject", subject}, {"artifactType", "n/" + std::to_string(i)}});
    site.driver.push_manifest("app", Digest::sha256(text).text(), text);
  }
  const auto first = look();
  EXPECT_EQ(first->attachments.found.size(), 1001U) << "a tag, and as many as are looked at";
  EXPECT_TRUE(first->attachments.truncated);
  EXPECT_FALSE(first->answer.complete);
  EXPECT_EQ(look(), first);
}

TEST_F(SurveyTest, OtherNamesOfTheRegistryAreOtherLocations) {
  LocalRegistry registry(site.shelves());
  const auto there = surveys->of(registry, {"other.example", "app"}, Digest::sha256(image));
  EXPECT_TRUE(there->attachments.found[0].location.starts_with("other.example/app:"));
  EXPECT_TRUE(look()->attachments.found[0].location.starts_with("registry.example/app:"));
}

}  // namespace
}  // namespace server::registry::page
