// What the garbage collector keeps: everything that still counts. And what it removes.
#include "server/registry/gc.h"

#include <gtest/gtest.h>

#include <set>

#include "server/registry/testing/driver.h"

namespace server::registry {
namespace {

using namespace testing;
using namespace std::chrono_literals;

struct Gc : ::testing::Test {
  Gc() { options.older_than = 0s; }

  // An image under `tag` (none when it is empty); the text of its manifest.
  std::string image(const std::string& seed, const std::string& tag = "",
                    const std::string& repository = "app") {
    const std::string text = registry.image(repository, seed);
    push(repository, text, tag);
    return text;
  }
  void push(const std::string& repository, const std::string& text, const std::string& tag,
            std::string_view type = media_type::oci_manifest) {
    const std::string reference = tag.empty() ? Digest::sha256(text).text() : tag;
    const auto reply = registry.push_manifest(repository, reference, text, {}, type);
    ASSERT_EQ(reply.status, 201) << reply.body;
  }
  std::string index(const std::vector<std::string>& children, const std::string& tag = "") {
    const std::string text = Driver::index_text(children);
    push("app", text, tag, media_type::oci_index);
    return text;
  }
  // A signature as a tag beside `image`.
  std::string signature(const std::string& image, const std::string& suffix = ".sig",
                        const std::string& repository = "app") {
    return this->image("signature of " + image, tag_of(image) + suffix, repository);
  }
  // One as a referrer.
  std::string referrer(const std::string& image, const std::string& repository = "app") {
    const std::string text = registry.image(
        repository, "bundle of " + image,
        {{"artifactType", "t"}, {"subject", Driver::descriptor(media_type::oci_manifest, image)}});
    push(repository, text, "");
    return text;
  }
  static std::string tag_of(const std::string& image) {
    return "sha256-" + std::string(Digest::sha256(image).hex());
  }
  void remove(const std::string& image, const std::string& repository = "app") {
    const auto reply =
        registry.send("DELETE", "/v2/" + repository + "/manifests/" + Digest::sha256(image).text());
    ASSERT_EQ(reply.status, 202) << reply.body;
  }

  GcPlan plan() {
    const auto index = registry.catalogue->index();
    auto made = plan_gc(registry.fake.env(), "data", *registry.content, **index, options);
    EXPECT_TRUE(made) << made.error().text();
    return made ? std::move(*made) : GcPlan{};
  }
  void collect() {
    const auto done =
        registry::collect(registry.fake.env(), "data", *registry.content, *registry.catalogue, plan());
    EXPECT_TRUE(done) << done.error().text();
    const GcPlan again = plan();
    EXPECT_TRUE(again.entries.empty() && again.contents.empty()) << "the second time there is nothing to do";
  }
  bool is_there(const std::string& manifest, const std::string& repository = "app") {
    const auto reply = registry.get("/v2/" + repository + "/manifests/" + Digest::sha256(manifest).text());
    if (reply.status == 404) return false;
    EXPECT_EQ(reply.body, manifest);
    const json::Value document = reply.document();
    const json::Value* layers = document.get("layers");
    if (layers == nullptr) return true;
    for (const json::Value& layer : *layers->array()) {
      const std::string blob = "/v2/" + repository + "/blobs/" + *layer.get("digest")->string();
      EXPECT_EQ(registry.get(blob).status, 200) << blob;
    }
    return true;
  }
  std::string tags(const std::string& repository = "app") {
    std::string all;
    const auto list = registry.catalogue->tags(repository);
    for (const auto& tag : *list) all += tag + " ";
    return all;
  }

  Driver registry{{}, "data"};
  GcOptions options;
};

TEST_F(Gc, WhatIsNamedStaysWithAllThatHangsOnIt) {
  const std::string a = image("a"), b = image("b"), both = index({a, b}, "latest");
  std::vector<std::string> all = {a, b, both};
  for (const std::string& signed_one : {a, b, both}) {  // as sign -r
    all.push_back(signature(signed_one));
    all.push_back(signature(signed_one, ".att"));
    all.push_back(referrer(signed_one));
    all.push_back(referrer(all.back()));  // one of a signature
    all.push_back(signature(all.back()));
  }
  all.push_back(index({referrer(a)}, tag_of(a)));  // the fallback of registries without referrers
  const std::string before = tags();
  for (const bool untagged : {false, true}) {
    options.untagged = untagged;
    const GcPlan made = plan();
    for (const Removal& removal : made.entries) ADD_FAILURE() << removal.name << ": " << removal.why;
    EXPECT_TRUE(made.contents.empty());
    collect();
    registry.start();
    for (const auto& manifest : all) EXPECT_TRUE(is_there(manifest)) << manifest;
    EXPECT_EQ(tags(), before);
  }
}

TEST_F(Gc, SignaturesFollowTheirImage) {
  const std::string kept = image("kept", "latest"), gone = image("gone", "old");
  const std::string stays = signature(kept), bundle = referrer(kept);
  std::vector<std::string> lost = {signature(gone), signature(gone, ".att"), signature(gone, ".sbom"),
                                   signature(gone, ".sig-0123456789abcdef"), referrer(gone)};
  lost.push_back(referrer(lost.back()));
  lost.push_back(index({referrer(gone)}, tag_of(gone)));
  collect();
  for (const auto& manifest : lost) EXPECT_TRUE(is_there(manifest)) << "its image is still there";
  remove(gone);
  collect();
  for (const auto& manifest : lost) EXPECT_FALSE(is_there(manifest)) << manifest;
  for (const auto& manifest : {kept, stays, bundle}) EXPECT_TRUE(is_there(manifest));
  EXPECT_EQ(tags(), "latest " + tag_of(kept) + ".sig ");
  EXPECT_EQ(registry.content->size(Digest::sha256("signature of " + gone)).error().code,
            sigstore::Code::not_found);
  EXPECT_EQ(registry.content->size(Digest::sha256(gone)).error().code, sigstore::Code::not_found);
}

TEST_F(Gc, UntaggedManifestsStayUnlessItIsAskedFor) {
  const std::string tagged = image("1", "latest"), child = image("2"), free = image("3");
  const std::string free_signature = signature(free), free_bundle = referrer(free);
  const std::string parent = index({child}, "all"), free_child = image("4"),
                    free_parent = index({free_child});
  collect();
  for (const auto& manifest :
       {tagged, child, free, free_signature, free_bundle, parent, free_child, free_parent})
    EXPECT_TRUE(is_there(manifest));
  options.untagged = true;
  collect();
  for (const auto& manifest : {tagged, child, parent}) EXPECT_TRUE(is_there(manifest));
  for (const auto& manifest : {free, free_signature, free_bundle, free_child, free_parent})
    EXPECT_FALSE(is_there(manifest));
  EXPECT_EQ(tags(), "all latest ");
}

TEST_F(Gc, WhatIsYoungStays) {
  options.untagged = true;
  options.older_than = 1h;
  const std::string free = image("free"), of_nothing = referrer("never pushed");
  registry.push_blob("app", "under way");
  const GcPlan young = plan();
  EXPECT_TRUE(young.entries.empty() && young.contents.empty());
  ASSERT_TRUE(registry.fake.clock.sleep(2h));
  collect();
  EXPECT_FALSE(is_there(free));
  EXPECT_FALSE(is_there(of_nothing));
  EXPECT_FALSE(*registry.catalogue->has_blob("app", Digest::sha256("under way")));
}

// A blob that is pushed again, or is content already: the age of its file counts.
TEST_F(Gc, TheAgeOfContentCountsToo) {
  options.older_than = 1h;
  const Digest digest = registry.push_blob("app", "again");
  ASSERT_TRUE(registry.fake.clock.sleep(2h));
  registry.fake.files.set_modified("data/" + sigstore::content::blob_path(digest), registry.fake.clock.now());
  EXPECT_TRUE(plan().entries.empty());
}

TEST_F(Gc, BlobsThatNoManifestNamesGo) {
  image("used", "latest");
  registry.push_blob("app", "unused");
  registry.push_blob("other", "used");
  collect();
  EXPECT_FALSE(*registry.catalogue->has_blob("app", Digest::sha256("unused")));
  EXPECT_FALSE(*registry.catalogue->has_blob("other", Digest::sha256("used")));
  EXPECT_TRUE(*registry.catalogue->has_blob("app", Digest::sha256("used")));
  EXPECT_TRUE(registry.content->size(Digest::sha256("used")));
  EXPECT_FALSE(registry.content->size(Digest::sha256("unused")));
}

// Foreign layers need not be pushed; those that were are as needed as others.
TEST_F(Gc, LayersThatMayBeElsewhereStay) {
  const std::string tar = "application/vnd.oci.image.layer.v1.tar";
  json::Value urls = Driver::descriptor(tar, "with urls");
  urls.object()->set("urls", json::Array{"https://example.com/layer"});
  const json::Array layers = {
      Driver::descriptor(tar, "ordinary"),
      Driver::descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar", "not to distribute"),
      urls};
  for (const char* layer : {"ordinary", "not to distribute", "with urls"}) registry.push_blob("app", layer);
  const std::string text = registry.image("app", "seed", {{"layers", layers}});
  push("app", text, "latest");
  collect();
  EXPECT_TRUE(is_there(text));
  for (const char* layer : {"ordinary", "not to distribute", "with urls"})
    EXPECT_TRUE(registry.content->size(Digest::sha256(layer))) << layer;
}

TEST_F(Gc, ContentOfOneRepositoryIsNotThatOfAnother) {
  const std::string shared = image("shared", "latest");
  image("shared", "latest", "other");
  remove(shared);
  collect();
  EXPECT_FALSE(is_there(shared));
  EXPECT_TRUE(is_there(shared, "other"));
}

// COSIGN_REPOSITORY: signatures in a repository of their own.
TEST_F(Gc, ASignatureElsewhereStaysWithItsImage) {
  const std::string signed_one = image("a", "latest");
  const std::string tagged = signature(signed_one, ".sig", "signatures");
  const std::string bundle = referrer(signed_one, "signatures");
  options.untagged = true;
  collect();
  EXPECT_TRUE(is_there(tagged, "signatures"));
  EXPECT_TRUE(is_there(bundle, "signatures"));
  remove(signed_one);
  options.keep_detached = true;
  collect();
  EXPECT_TRUE(is_there(tagged, "signatures")) << "as it was asked";
  EXPECT_TRUE(is_there(bundle, "signatures"));
  options.keep_detached = false;
  collect();
  EXPECT_FALSE(is_there(tagged, "signatures"));
  EXPECT_FALSE(is_there(bundle, "signatures"));
}

// Somebody may name an image as a digest is named.
TEST_F(Gc, AnImageUnderADigestsNameIsNoSignature) {
  const std::string text = image("a", "sha256-" + std::string(64, 'a'));
  const std::string parent = index({image("b")}, "sha256-" + std::string(64, 'b'));
  options.untagged = true;
  collect();
  EXPECT_TRUE(is_there(text));
  EXPECT_TRUE(is_there(parent));
}

// Nor is an index none of whose children are here: a sparse one, or a build cache that names blobs.
TEST_F(Gc, AnIndexWithoutChildrenUnderADigestsNameIsNoListOfReferrers) {
  const std::string missing = Driver::image_text("never pushed");
  const std::string sparse = index({missing}, "sha256-" + std::string(64, 'a'));
  const std::string empty = index({}, "sha256-" + std::string(64, 'b'));
  for (const bool untagged : {false, true}) {
    options.untagged = untagged;
    collect();
    EXPECT_TRUE(is_there(sparse));
    EXPECT_TRUE(is_there(empty));
  }
  EXPECT_EQ(tags(), "sha256-" + std::string(64, 'a') + " sha256-" + std::string(64, 'b') + " ");
}

TEST_F(Gc, ATaggedSignatureStaysWithoutItsImage) {
  const std::string gone = image("gone");
  const std::string text =
      registry.image("app", "note", {{"subject", Driver::descriptor(media_type::oci_manifest, gone)}});
  push("app", text, "note");
  remove(gone);
  options.untagged = true;
  collect();
  EXPECT_TRUE(is_there(text));
}

TEST_F(Gc, AManifestThatCannotBeReadEndsIt) {
  const std::string text = image("a", "latest");
  registry.fake.files.put("data/" + sigstore::content::blob_path(Digest::sha256(text)), "{}");
  const auto index = registry.catalogue->index();
  const auto made = plan_gc(registry.fake.env(), "data", *registry.content, **index, options);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find(Digest::sha256(text).text()), std::string::npos);
  EXPECT_NE(made.error().hint.find("registry check"), std::string::npos);
}

TEST_F(Gc, APlanChangesNothing) {
  image("gone");
  registry.push_blob("app", "unused");
  options.untagged = true;
  const auto files = registry.fake.files.paths();
  const std::string journal = registry.fake.files.get("data/journal")->text;
  const GcPlan first = plan(), second = plan();
  EXPECT_FALSE(first.entries.empty());
  EXPECT_EQ(first.entries.size(), second.entries.size());
  EXPECT_EQ(registry.fake.files.paths(), files);
  EXPECT_EQ(registry.fake.files.get("data/journal")->text, journal);
}

// As kill -9: whatever step fails, all that is named is there, and the next run does the rest.
TEST_F(Gc, AFailureAtAnyStepLeavesAWholeRegistry) {
  for (int step = 1; step < 30; ++step) {
    registry.fake.files.fail_at(0);
    const std::string seed = std::to_string(step);
    const std::string kept = image("kept" + seed, "t" + seed), child = image("child" + seed);
    const std::string parent = index({child}), sign = signature(parent), stays = signature(kept);
    options.untagged = true;
    const GcPlan made = plan();
    registry.fake.files.fail_at(step);
    const bool done =
        registry::collect(registry.fake.env(), "data", *registry.content, *registry.catalogue, made)
            .has_value();
    registry.fake.files.fail_at(0);
    registry.start();
    EXPECT_TRUE(is_there(kept) && is_there(stays));
    EXPECT_TRUE(!is_there(parent) || is_there(child));
    EXPECT_FALSE(done && (is_there(parent) || is_there(child) || is_there(sign)));
    collect();
    EXPECT_FALSE(is_there(parent) || is_there(child) || is_there(sign));
    EXPECT_TRUE(is_there(kept) && is_there(stays));
  }
}

}  // namespace
}  // namespace server::registry
