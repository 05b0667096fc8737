#include "sigstore/carry/carry.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/carry/registry_target.h"
#include "sigstore/carry/walk.h"
#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::carry {
namespace {

const oci::Repository app{"r.example", "app"}, there{"r.example", "copy"}, aside{"r.example", "signatures"};

struct Place {
  explicit Place(remote::testing::MemoryOptions options = {}) : registry(options) {}
  fakes::FakeEnv fake;
  remote::testing::MemoryRegistry registry;

  // A manifest with one layer; `suffix` makes it a tag of `subject`, else it is a referrer of it.
  oci::Descriptor manifest(const oci::Repository& repository, const std::string& tag,
                           const std::string& layer, const std::optional<oci::Descriptor>& subject = {}) {
    oci::Manifest made;
    made.media_type = oci::media_type::oci_manifest;
    made.config = registry.add_blob(repository, "{}");
    made.config.media_type = oci::media_type::oci_config;
    made.layers = {registry.add_blob(repository, layer)};
    made.layers[0].media_type = oci::media_type::simple_signing;
    made.subject = subject;
    return registry.add_manifest(repository, tag, made.media_type, made.write());
  }
  Result<Summary> copy(const oci::Descriptor& image, const oci::Repository& attached = app,
                       bool force = false) {
    const auto source = make_registry_source(registry, app, attached, "");
    TRY(const auto cargo, walk(*source, image));
    const auto target = make_registry_target(registry, fake.env(), {there, there, "1", force, ""});
    return carry(*source, *target, cargo, {});
  }
  std::vector<std::string> layers(const std::string& tag) {
    std::vector<std::string> texts;
    const auto content = registry.manifest(there, tag);
    if (!content) return {content.error().text()};
    const auto manifest = oci::Manifest::parse(content->bytes);
    for (const auto& layer : manifest->layers)
      texts.push_back(registry.blob(there, layer, 1000).value_or("missing"));
    return texts;
  }
};

using Texts = std::vector<std::string>;

std::string sig(const oci::Descriptor& image) {
  return oci::attachment_tag(image.digest, ".sig");
}

TEST(Carry, TheTagComesWithEverythingThatHangsOnTheImage) {
  Place place;
  const auto image = place.manifest(app, "latest", "layer");
  place.manifest(app, sig(image), "signature");
  const auto referrer = place.manifest(app, "", "bundle", image);
  place.manifest(app, "", "of the bundle", referrer);
  const auto summary = place.copy(image);
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(place.registry.log().back().target, "1") << "the tag is the last thing";
  EXPECT_EQ(summary->manifests, 4U);
  EXPECT_EQ(place.layers("1"), Texts{"layer"});
  EXPECT_EQ(place.layers(sig(image)), Texts{"signature"});
  EXPECT_EQ(place.registry.referrers(there, image.digest)->descriptors.size(), 1U);
  EXPECT_EQ(place.registry.referrers(there, referrer.digest)->descriptors.size(), 1U);
}

TEST(Carry, SignaturesOfTheTargetStay) {
  Place place;
  const auto image = place.manifest(app, "latest", "layer");
  place.manifest(app, sig(image), "from here");
  place.manifest(there, sig(image), "from there");
  ASSERT_TRUE(place.copy(image));
  EXPECT_EQ(place.layers(sig(image)), (Texts{"from there", "from here"}));
}

TEST(Carry, ReferrersGetIntoTheIndexOfTheFallbackTag) {
  Place place({.referrers_api = false});
  const auto image = place.manifest(app, "latest", "layer");
  const auto referrer = place.manifest(app, "", "bundle", image);
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  index.manifests = {referrer};
  const std::string tag = oci::attachment_tag(image.digest, "");
  place.registry.add_manifest(app, tag, index.media_type, index.write());
  const auto other = place.manifest(there, "", "another's", image);
  index.manifests = {other};
  place.registry.add_manifest(there, tag, index.media_type, index.write());
  ASSERT_TRUE(place.copy(image));
  const auto listed = oci::Index::parse(place.registry.manifest(there, tag)->bytes)->manifests;
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].digest, other.digest);
  EXPECT_EQ(listed[1].digest, referrer.digest);
}

TEST(Carry, WhatIsKeptElsewhereComesAlong) {
  Place place;
  const auto image = place.manifest(app, "latest", "layer");
  place.manifest(aside, sig(image), "kept elsewhere");
  ASSERT_TRUE(place.copy(image, aside));
  EXPECT_EQ(place.layers(sig(image)), Texts{"kept elsewhere"});
}

TEST(Carry, WhatCannotBeAskedIsNotTakenForAbsent) {
  Place place;
  const auto image = place.manifest(app, "latest", "layer");
  place.registry.before(remote::testing::Call::referrers, [](const auto&) -> Result<void> {
    return fail(Code::unavailable, "the registry is ill");
  });
  const auto summary = place.copy(image);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Code::unavailable);
  EXPECT_FALSE(place.registry.manifest(there, "1"));
}

TEST(Carry, ATagOfAnotherImageIsFoundBeforeAnythingIsSent) {
  Place place;
  const auto image = place.manifest(app, "latest", "layer");
  place.manifest(there, "1", "another");
  const auto summary = place.copy(image);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Code::conflict);
  EXPECT_EQ(place.registry.count(remote::testing::Call::upload), 0);
}

// As GHCR and others do where a repository does not exist yet: neither the tag nor the list of tags is shown.
TEST(Carry, ATagThatMayNotBeSeenIsWrittenByForce) {
  Place place({.absent_tag = Code::forbidden});
  const auto image = place.manifest(app, "latest", "layer");
  place.registry.before(remote::testing::Call::tags,
                        [](const remote::testing::Request& request) -> Result<void> {
                          if (request.repository != there.text()) return {};
                          return fail(Code::forbidden, "denied");
                        });
  const auto refused = place.copy(image);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_TRUE(refused.error().hint.ends_with("; -f writes it, whatever it is")) << refused.error().hint;
  const auto forced = place.copy(image, app, true);
  ASSERT_TRUE(forced) << forced.error().text();
  EXPECT_EQ(place.layers("1"), Texts{"layer"});
}

TEST(Carry, ATagWriteThatFailsForAMomentIsRepeated) {
  Place place;
  const auto image = place.manifest(app, "latest", "layer");
  int failing = 2;
  place.registry.before(remote::testing::Call::push_manifest,
                        [&](const remote::testing::Request& request) -> Result<void> {
                          if (request.target != "1" || failing-- <= 0) return {};
                          return fail(Code::unavailable, "HTTP 500");
                        });
  ASSERT_TRUE(place.copy(image));
  EXPECT_EQ(place.layers("1"), Texts{"layer"});
  place.manifest(there, "1", "another");
  failing = 100;
  EXPECT_EQ(place.copy(image, app, true).error().code, Code::unavailable);
}

// --- of hostile and odd registries

oci::Descriptor index_of(Place& place, std::vector<oci::Descriptor> children,
                         const std::optional<oci::Descriptor>& subject = {}) {
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  index.manifests = std::move(children);
  index.subject = subject;
  return place.registry.add_manifest(app, "", index.media_type, index.write());
}

// 100,000 steps would be as many stack frames, and requests one after the other.
TEST(Walk, IndexesInIndexesEnd) {
  Place place;
  auto image = place.manifest(app, "", "layer");
  for (std::size_t i = 0; i < limits::referrer_depth; ++i) image = index_of(place, {image});
  EXPECT_TRUE(place.copy(image));
  const auto deeper = place.copy(index_of(place, {image}));
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().code, Code::too_large);
}

// A list that names it in the wrong place, too, does not hide what hangs on it.
TEST(Walk, WhatIsListedWronglyAsWellIsWalkedThrough) {
  Place place({.referrers_api = false});
  const auto one = place.manifest(app, "", "one");
  const auto two = place.manifest(app, "", "two");
  const auto bundle = place.manifest(app, "", "bundle", two);
  place.manifest(app, sig(bundle), "signature of the bundle");
  for (const auto& image : {one, two}) {
    oci::Index list;
    list.media_type = oci::media_type::oci_index;
    list.manifests = {bundle};
    place.registry.add_manifest(app, oci::attachment_tag(image.digest, ""), list.media_type, list.write());
  }
  ASSERT_TRUE(place.copy(index_of(place, {one, two})));
  EXPECT_EQ(place.layers(sig(bundle)), Texts{"signature of the bundle"});
}

// BuildKit and others list in an index what has a subject, too.
TEST(Carry, AChildThatIsAReferrerIsListedAsOne) {
  Place place({.referrers_api = false});
  const auto image = place.manifest(app, "", "layer");
  const auto bundle = place.manifest(app, "", "bundle", image);
  oci::Index list;
  list.media_type = oci::media_type::oci_index;
  list.manifests = {bundle};
  const std::string tag = oci::attachment_tag(image.digest, "");
  place.registry.add_manifest(app, tag, list.media_type, list.write());
  ASSERT_TRUE(place.copy(index_of(place, {image, bundle})));
  const auto listed = place.registry.manifest(there, tag);
  ASSERT_TRUE(listed) << listed.error().text();
  EXPECT_EQ(oci::Index::parse(listed->bytes)->manifests.at(0).digest, bundle.digest);
}

TEST(Walk, AManyOfReferrersTakesTheMemoryOfAFew) {
  Place place;
  const auto image = place.manifest(app, "", "layer");
  for (int i = 0; i < 200; ++i) place.manifest(app, "", "bundle " + std::to_string(i), image);
  const auto source = make_registry_source(place.registry, app, app, "");
  const auto cargo = walk(*source, image);
  ASSERT_TRUE(cargo);
  EXPECT_EQ(cargo->items.size(), 201U);
}

}  // namespace
}  // namespace sigstore::carry
