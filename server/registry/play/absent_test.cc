#include <gtest/gtest.h>

#include "server/registry/play/testing/played.h"

namespace server::registry::play::testing {
namespace {

struct AbsentTest : ::testing::Test {
  Played registry;
  const std::string image = registry.image("app", "layer");
  void SetUp() override { registry.push_manifest("app", "v1", image); }
};

TEST_F(AbsentTest, IsDeniedOrUnauthorized) {
  const std::string absent_blob = "/v2/app/blobs/" + Digest::sha256("x").text();
  for (const auto& [quirk, status] : {std::pair("absent-403", 403), {"absent-401", 401}}) {
    registry.play({quirk});
    for (const std::string path : {"/v2/app/manifests/v2", "/v2/none/manifests/v1", "/v2/none/tags/list"})
      EXPECT_EQ(registry.get(path).status, status) << path;
    EXPECT_EQ(registry.get(absent_blob).error(), status == 403 ? "DENIED" : "UNAUTHORIZED");
    EXPECT_EQ(registry.head(absent_blob), status);
    EXPECT_EQ(registry.get("/v2/app/manifests/v1").body, image);
    EXPECT_EQ(registry.send("PATCH", "/v2/app/blobs/uploads/none").status, 404) << "no upload hides";
  }
}

TEST_F(AbsentTest, WithoutHead) {
  for (const auto& [quirk, status] : {std::pair("no-head", 405), {"no-head-404", 404}}) {
    registry.play({quirk});
    EXPECT_EQ(registry.head("/v2/app/manifests/v1"), status);
    EXPECT_EQ(registry.head("/v2/"), status);
    EXPECT_EQ(registry.get("/v2/app/manifests/v1").status, 200);
  }
}

TEST_F(AbsentTest, WithoutAListOfTags) {
  registry.play({"no-tags-list"});
  EXPECT_EQ(registry.get("/v2/app/tags/list?n=1").error(), "DENIED");
  EXPECT_EQ(registry.get("/v2/app/manifests/v1").status, 200);
}

}  // namespace
}  // namespace server::registry::play::testing
