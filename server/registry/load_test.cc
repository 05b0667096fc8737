#include <gtest/gtest.h>

#include "server/registry/testing/driver.h"
#include "sigstore/base/testing/testdata.h"

namespace server::registry {
namespace {

using namespace testing;

const std::string images = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/";

struct Load : ::testing::Test {
  // Puts a folder of the fixtures into the registry's files, as "layout".
  void copy(const std::string& name) {
    for (const auto& path : sigstore::fakes::testdata_below(images + name))
      registry.fake.files.put("layout" + path.substr(images.size() + name.size()),
                              sigstore::fakes::read_testdata(path));
  }
  std::string get(const std::string& tag) { return registry.get("/v2/team/app/manifests/" + tag).body; }
  Driver registry;
};

TEST_F(Load, EveryTagWithAllThatBelongsToIt) {
  copy("legacy-and-bundle");
  const auto loaded = registry.load("layout", "team/app");
  ASSERT_TRUE(loaded) << loaded.error().text();
  const json::Value index =
      json::parse(sigstore::fakes::read_testdata(images + "legacy-and-bundle/index.json"), "index").value();
  int tags = 0;
  for (const json::Value& entry : *index.get("manifests")->array()) {
    const std::string digest = *entry.get("digest")->string();
    EXPECT_EQ(Digest::sha256(get(digest)).text(), digest);
    const json::Value* annotations = entry.get("annotations");
    const json::Value* tag = annotations ? annotations->get("org.opencontainers.image.ref.name") : nullptr;
    if (tag == nullptr) continue;
    EXPECT_EQ(get(*tag->string()), get(digest));
    ++tags;
  }
  const json::Value listed = registry.get("/v2/team/app/tags/list").document();
  EXPECT_EQ(static_cast<int>(listed.get("tags")->array()->size()), tags);
  EXPECT_GE(tags, 2);
}

TEST_F(Load, ReferrersAreListed) {
  copy("bundle-signature");
  ASSERT_TRUE(registry.load("layout", "team/app"));
  const auto reply = registry.get("/v2/team/app/referrers/" + Digest::sha256(get("latest")).text());
  EXPECT_EQ(reply.document().get("manifests")->array()->size(), 1U) << reply.body;
}

TEST_F(Load, ContentThatIsNotWhatItsDigestSaysIsRefused) {
  copy("unsigned");
  for (const auto& path : registry.fake.files.paths()) {
    if (path.find("/blobs/") == std::string::npos) continue;
    const std::string good = registry.fake.files.get(path)->text;
    registry.fake.files.put(path, good + " ");
    EXPECT_FALSE(registry.load("layout", "team/app")) << path;
    registry.fake.files.put(path, good);
  }
  EXPECT_TRUE(registry.load("layout", "team/app"));
}

TEST_F(Load, WhatIsNoLayoutOrNoRepositoryIsAnError) {
  EXPECT_FALSE(registry.load("nowhere", "team/app"));
  copy("unsigned");
  const auto bad = registry.load("layout", "Team/App");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, sigstore::Code::invalid_argument);
}

}  // namespace
}  // namespace server::registry
