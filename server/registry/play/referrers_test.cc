#include <gtest/gtest.h>

#include "server/registry/play/testing/played.h"

namespace server::registry::play::testing {
namespace {

struct ReferrersQuirksTest : ::testing::Test {
  Played registry;
  const std::string image = registry.image("app", "layer");
  const std::string list = "/v2/app/referrers/" + Digest::sha256(image).text();

  // OCI-Subject in the answer to a referrer that is pushed under `quirk`.
  std::string pushed_under(const std::string& quirk) {
    registry.play({quirk});
    const auto reply = registry.push_manifest("app", "ref", Driver::image_text("layer", with_subject(image)));
    EXPECT_EQ(reply.status, 201) << quirk;
    return reply.header("OCI-Subject");
  }
};

TEST_F(ReferrersQuirksTest, NoneAtAll) {
  EXPECT_EQ(pushed_under("no-referrers"), "");
  EXPECT_EQ(registry.get(list).status, 404);
}

TEST_F(ReferrersQuirksTest, ASubjectWithoutTheApi) {
  EXPECT_EQ(pushed_under("subject-without-api"), Digest::sha256(image).text());
  EXPECT_EQ(registry.get(list).status, 404);
}

TEST_F(ReferrersQuirksTest, AListThatKeepsNothing) {
  EXPECT_EQ(pushed_under("referrers-keep-nothing"), Digest::sha256(image).text());
  const auto reply = registry.get(list);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), media_type::oci_index);
  EXPECT_TRUE(reply.document().get("manifests")->array()->empty());
  EXPECT_EQ(registry.get("/v2/app/manifests/ref").status, 200) << "the manifest itself is kept";
}

TEST_F(ReferrersQuirksTest, AWebPage) {
  EXPECT_EQ(pushed_under("referrers-in-html"), "");
  const auto reply = registry.get(list);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), "text/html");
}

}  // namespace
}  // namespace server::registry::play::testing
