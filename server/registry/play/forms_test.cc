#include <gtest/gtest.h>

#include "server/registry/play/testing/played.h"

namespace server::registry::play::testing {
namespace {

struct FormsTest : ::testing::Test {
  Played registry;
  const std::string image = registry.image("app", "layer");
  const std::string blob = Digest::sha256("layer").text();
  void SetUp() override {
    for (const char* tag : {"a", "b", "c"}) registry.push_manifest("app", tag, image);
  }
};

TEST_F(FormsTest, TheFirstRequestOfEachKindIsTooMany) {
  registry.play({"too-many-requests"});
  const auto first = registry.get("/v2/app/manifests/a");
  EXPECT_EQ(first.status, 429);
  EXPECT_EQ(first.error(), "TOOMANYREQUESTS");
  EXPECT_EQ(first.header("Retry-After"), "1");
  EXPECT_EQ(registry.get("/v2/app/manifests/b").status, 200);
  EXPECT_EQ(registry.head("/v2/app/manifests/b"), 429);
  EXPECT_EQ(registry.get("/v2/app/blobs/" + blob).status, 429);
  EXPECT_EQ(registry.get("/nowhere").status, 429);
  EXPECT_EQ(registry.get("/nowhere").status, 404);
}

TEST_F(FormsTest, OrAllOfThem) {
  registry.play({"always-busy"});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(registry.get("/v2/app/manifests/a").status, 429);
}

TEST_F(FormsTest, AMountBecomesAnUpload) {
  const std::string mount = "/v2/other/blobs/uploads/?mount=" + blob + "&from=app";
  registry.play({"no-mount"});
  EXPECT_EQ(registry.send("POST", mount).status, 202);
  EXPECT_EQ(registry.head("/v2/other/blobs/" + blob), 404);
  registry.play({});
  EXPECT_EQ(registry.send("POST", mount).status, 201);
}

TEST_F(FormsTest, HeadTellsNothing) {
  registry.play({"bare-head"});
  for (const std::string& path : {std::string("/v2/app/manifests/a"), "/v2/app/blobs/" + blob}) {
    const auto head = registry.send("HEAD", path);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.size, 0U) << path;
    EXPECT_EQ(head.header("Docker-Content-Digest"), "");
    EXPECT_GT(registry.get(path).size, 0U);
  }
}

TEST_F(FormsTest, NobodySaysTheDigest) {
  registry.play({"no-content-digest"});
  EXPECT_EQ(registry.get("/v2/app/manifests/a").header("Docker-Content-Digest"), "");
  EXPECT_EQ(registry.push_manifest("app", "a", image).header("Docker-Content-Digest"), "");
}

TEST_F(FormsTest, ConditionsAreIgnored) {
  registry.play({"no-conditions"});
  EXPECT_EQ(registry.push_manifest("app", "a", image, {{"If-None-Match", "*"}}).status, 201);
  EXPECT_EQ(registry.push_manifest("app", "a", image, {{"If-Match", "\"x\""}}).status, 201);
  EXPECT_EQ(registry.get("/v2/app/manifests/a").header("ETag"), "");
  registry.play({});
  EXPECT_EQ(registry.push_manifest("app", "a", image, {{"If-None-Match", "*"}}).status, 412);
}

TEST_F(FormsTest, AddressesAreWhole) {
  registry.play({"absolute-locations"});
  EXPECT_TRUE(registry.send("POST", "/v2/app/blobs/uploads/", "", {{"Host", "r.example:1"}})
                  .header("Location")
                  .starts_with("http://r.example:1/v2/app/blobs/uploads/"));
  EXPECT_TRUE(registry.get("/v2/app/tags/list?n=1", {{"Host", "r.example:1"}})
                  .header("Link")
                  .starts_with("<http://r.example:1/v2/app/tags/list?"));
}

TEST_F(FormsTest, ListsComeInSmallPages) {
  registry.play({"small-pages"});
  std::string path = "/v2/app/tags/list?n=100", all;
  for (int pages = 0; pages < 4 && !path.empty(); ++pages) {
    const auto page = registry.get(path);
    ASSERT_EQ(page.document().get("tags")->array()->size(), 1U);
    all += *page.document().get("tags")->array()->front().string();
    const std::string link = page.header("Link");
    path = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  EXPECT_EQ(all, "abc");
  EXPECT_EQ(path, "");
}

TEST_F(FormsTest, WhatIsCreatedIsAccepted) {
  registry.play({"accepted-not-created"});
  EXPECT_EQ(registry.push_manifest("app", "d", image).status, 202);
  EXPECT_EQ(registry.get("/v2/app/manifests/d").status, 200);
}

}  // namespace
}  // namespace server::registry::play::testing
