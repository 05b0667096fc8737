#include "sigstore/store/tree.h"

#include <gtest/gtest.h>

#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;
using remote::testing::Call;
using remote::testing::MemoryRegistry;
using Kind = Attachment::Kind;

const oci::Repository repository{"registry.example", "app"};

Tree tree_with_a_signature() {
  Tree tree{*oci::Reference::parse("registry.example/app:1"), oci::Digest::sha256("image"), {}};
  oci::Descriptor layer;
  layer.digest = oci::Digest::sha256("layer");
  layer.annotations["key"] = "value";
  tree.attachments.found.push_back({Kind::signatures, "registry.example/app:place", {}, "", {layer}});
  return tree;
}

std::string member(const Tree& tree, const char* name) {
  const auto parsed = json::parse(as_json(tree), "tree");
  EXPECT_TRUE(parsed);
  const auto* value = parsed->get(name);
  return value == nullptr ? "absent" : json::write(*value);
}

TEST(TreeJson, SaysWhetherItIsComplete) {
  Tree tree = tree_with_a_signature();
  EXPECT_EQ(member(tree, "version"), "1");
  EXPECT_EQ(member(tree, "reference"),
            "\"registry.example/app@" + oci::Digest::sha256("image").text() + "\"");
  EXPECT_EQ(member(tree, "complete"), "true");
  EXPECT_EQ(member(tree, "errors"), "absent");
  tree.attachments.truncated = true;
  EXPECT_EQ(member(tree, "complete"), "false");
  tree.attachments.truncated = false;
  tree.attachments.failures.push_back({Code::timeout, "no answer", "", ""});
  EXPECT_EQ(member(tree, "complete"), "false");
  EXPECT_EQ(member(tree, "errors"), R"([{"code":"timeout","message":"no answer"}])");
}

TEST(TreeJson, AnArtifactHasItsManifestAndItsLayers) {
  const std::string artifacts = member(tree_with_a_signature(), "artifacts");
  EXPECT_NE(artifacts.find(R"("kind":"signatures","location":"registry.example/app:place","manifest":)"),
            std::string::npos)
      << artifacts;
  EXPECT_NE(artifacts.find(R"("annotations":{"key":"value"})"), std::string::npos) << artifacts;
}

class GrowTree : public ::testing::Test {
 protected:
  Result<Tree> grow(const std::string& typed) {
    registry.clear_log();
    return grow_tree(registry, *oci::Reference::parse(typed), std::nullopt, "");
  }
  MemoryRegistry registry;
  oci::Descriptor image =
      registry.add_manifest(repository, "1", oci::media_type::oci_manifest, oci::Manifest{}.write());
};

TEST_F(GrowTree, ATagIsResolved) {
  const auto tree = grow("registry.example/app:1");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->digest, image.digest);
  EXPECT_EQ(registry.count(Call::resolve), 1);
}

TEST_F(GrowTree, WhetherADigestIsThereIsAskedWhenNothingHangsOnIt) {
  const std::string reference = "registry.example/app@" + image.digest.text();
  EXPECT_TRUE(grow(reference));
  EXPECT_EQ(registry.count(Call::resolve), 1);
  registry.add_manifest(repository, oci::attachment_tag(image.digest, ".sig"), oci::media_type::oci_manifest,
                        oci::Manifest{}.write());
  EXPECT_TRUE(grow(reference));
  EXPECT_EQ(registry.count(Call::resolve), 0);
}

TEST_F(GrowTree, AnImageThatIsNotThereIsAnError) {
  for (const std::string& where : {std::string(":absent"), "@sha256:" + std::string(64, '0')}) {
    const auto tree = grow("registry.example/app" + where);
    ASSERT_FALSE(tree) << where;
    EXPECT_EQ(tree.error().code, Code::not_found) << where;
  }
}

TEST_F(GrowTree, AnotherRepositoryMayHoldWhatHangsOnIt) {
  const oci::Repository other{"registry.example", "signatures"};
  registry.add_manifest(other, oci::attachment_tag(image.digest, ".sig"), oci::media_type::oci_manifest,
                        oci::Manifest{}.write());
  EXPECT_TRUE(grow("registry.example/app:1")->attachments.found.empty());
  const auto tree = grow_tree(registry, *oci::Reference::parse("registry.example/app:1"), other, "");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->attachments.found.size(), 1U);
}

}  // namespace
}  // namespace sigstore::store
