#include <gtest/gtest.h>

#include "server/registry/play/testing/played.h"

namespace server::registry::play::testing {
namespace {

struct TagsQuirksTest : ::testing::Test {
  Played registry;
  const std::string one = registry.image("app", "one"), two = registry.image("app", "two");
  void SetUp() override { registry.push_manifest("app", "v1", one); }
  std::string standing() { return registry.get("/v2/app/manifests/v1").body; }
};

TEST_F(TagsQuirksTest, ThatExistDoNotMove) {
  for (const auto& [quirk, status, word] : {std::tuple("immutable-tags", 400, "immutable"),
                                            {"immutable-tags-403", 403, "immutability"},
                                            {"immutable-tags-409", 409, "immutable"},
                                            {"immutable-tags-412", 412, "immutable"},
                                            {"locked-tags", 405, "disallowed"}}) {
    registry.play({quirk});
    const auto refused = registry.push_manifest("app", "v1", two);
    EXPECT_EQ(refused.status, status) << quirk;
    EXPECT_NE(refused.body.find(word), std::string::npos) << refused.body;
    EXPECT_EQ(standing(), one) << quirk;
    EXPECT_EQ(registry.push_manifest("app", "v1", one).status, 201) << "what stands may be pushed again";
    EXPECT_EQ(registry.push_manifest("app", Digest::sha256(two).text(), two).status, 201) << "by digest";
    EXPECT_EQ(registry.push_manifest("app", quirk, two).status, 201) << "a new tag";
  }
}

TEST_F(TagsQuirksTest, TheFirstWriteFails) {
  registry.play({"tag-write-500-before"});
  EXPECT_EQ(registry.push_manifest("app", "v1", two).status, 500);
  EXPECT_EQ(standing(), one);
  EXPECT_EQ(registry.push_manifest("app", "v2", two).status, 500) << "of each tag";
  EXPECT_EQ(registry.push_manifest("app", Digest::sha256(two).text(), two).status, 201);
  EXPECT_EQ(registry.push_manifest("app", "v1", two).status, 201);
  EXPECT_EQ(standing(), two);
}

TEST_F(TagsQuirksTest, TheFirstWriteFailsAndTookEffect) {
  registry.play({"tag-write-500-after"});
  EXPECT_EQ(registry.push_manifest("app", "v1", two).status, 500);
  EXPECT_EQ(standing(), two);
  EXPECT_EQ(registry.push_manifest("app", "v1", one).status, 201);
}

}  // namespace
}  // namespace server::registry::play::testing
