#include "sigstore/clean/clean.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/payload/statement.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/referrers/publish.h"

namespace sigstore::clean {
namespace {

using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

const oci::Repository repository{"registry.example", "team/app"};
const Kinds everything = {Kind::signatures, Kind::attestations, Kind::sboms, Kind::bundles};

class CleanTest : public testing::Test {
 protected:
  void start(const MemoryOptions& options = {.known_to_honour = true}) {
    registry = std::make_unique<MemoryRegistry>(options);
    image = registry->add_manifest(repository, "latest", oci::media_type::oci_manifest,
                                   R"({"schemaVersion":2,"layers":[]})");
  }
  oci::Manifest manifest(const std::string& content, std::string_view layer_type) {
    oci::Manifest made;
    made.media_type = oci::media_type::oci_manifest;
    made.config = registry->add_blob(repository, "{}");
    made.config.media_type = oci::media_type::oci_empty;
    made.layers.push_back(registry->add_blob(repository, content));
    made.layers[0].media_type = layer_type;
    return made;
  }
  void add_tag(const std::string& suffix, const std::string& content = "x") {
    registry->add_manifest(repository, oci::attachment_tag(image.digest, suffix),
                           oci::media_type::oci_manifest,
                           manifest(content, oci::media_type::simple_signing).write());
  }
  oci::Digest publish(const std::string& content, const std::string& predicate,
                      std::string_view type = oci::media_type::bundle_v03) {
    auto made = manifest(content, type);
    made.subject = image;
    made.artifact_type = type;
    if (!predicate.empty()) made.annotations["dev.sigstore.bundle.predicateType"] = predicate;
    const auto published = store::publish_referrer(*registry, fake.env(), repository, made, {});
    if (!published) throw std::runtime_error(published.error().text());
    return published->digest;
  }
  Place place() const { return {repository, image.digest, {}}; }
  Report clean(const Kinds& kinds) {
    plan = look(*registry, place(), kinds);
    return remove(*registry, fake.env(), place(), plan);
  }
  // Digests in the fallback index.
  std::vector<oci::Digest> listed() {
    std::vector<oci::Digest> digests;
    const auto content = registry->manifest(repository, oci::attachment_tag(image.digest, ""));
    const auto index = *oci::Index::parse(content->bytes);
    for (const auto& one : index.manifests) digests.push_back(one.digest);
    return digests;
  }

  fakes::FakeEnv fake;
  std::unique_ptr<MemoryRegistry> registry;
  oci::Descriptor image;
  Plan plan;
};

const std::string sign_type(payload::cosign_sign_predicate);

TEST_F(CleanTest, NothingThereIsNeitherPlannedNorRemoved) {
  start();
  const Report report = clean(everything);
  EXPECT_TRUE(plan.empty() && plan.failures.empty() && report.removed.empty() && report.failures.empty());
  EXPECT_EQ(registry->count(Call::delete_manifest), 0);
  EXPECT_EQ(registry->count(Call::push_manifest), 0);
}

TEST_F(CleanTest, EachKindInBothFormatsAndNothingElse) {
  for (const bool api : {true, false}) {
    start({.referrers_api = api, .known_to_honour = true});
    for (const char* suffix : {".sig", ".att", ".sbom"}) add_tag(suffix);
    publish("signature", sign_type);
    publish("attestation", "https://spdx.dev/Document");
    publish("sbom", "", oci::media_type::sbom_artifact);
    publish("unsaid", "");
    publish("notation", "", "application/vnd.cncf.notary.signature");
    EXPECT_EQ(clean({Kind::signatures}).removed.size(), 2U);
    EXPECT_EQ(plan.notes.size(), 1U) << "the bundle that does not say what it is";
    EXPECT_EQ(clean({Kind::attestations}).removed.size(), 2U);
    EXPECT_EQ(clean({Kind::sboms}).removed.size(), 2U);
    EXPECT_EQ(clean(everything).removed.size(), 1U);
    if (!api) {
      EXPECT_EQ(listed().size(), 1U) << "notation's";
    }
    EXPECT_TRUE(clean(everything).removed.empty());
  }
}

TEST_F(CleanTest, AnEntryThatComesInMeanwhileStaysOnTheList) {
  start({.referrers_api = false});
  publish("one", sign_type);
  bool done = false;
  oci::Digest late;
  registry->before(Call::push_manifest, [&](const Request& request) -> Result<void> {
    if (request.target != oci::attachment_tag(image.digest, "") || std::exchange(done, true)) return {};
    late = publish("late", sign_type);
    return {};
  });
  EXPECT_TRUE(clean(everything).failures.empty());
  EXPECT_TRUE(done);
  EXPECT_EQ(listed(), std::vector{late});
}

// A registry that ignores conditions, and a writer that had read the list before: it brings back what is
// gone.
TEST_F(CleanTest, WhatALateWriterBringsBackIsTakenOffAgain) {
  start({.referrers_api = false, .preconditions = false});
  const std::string tag = oci::attachment_tag(image.digest, "");
  publish("one", sign_type);
  auto index = *oci::Index::parse(registry->manifest(repository, tag)->bytes);
  auto made = manifest("late", oci::media_type::bundle_v03);
  made.subject = image;
  index.manifests.push_back(
      registry->add_manifest(repository, "", oci::media_type::oci_manifest, made.write()));
  bool done = false;
  const auto plan_then = look(*registry, place(), everything);
  registry->after(Call::push_manifest, [&](const Request& request) -> Result<void> {
    if (request.target == tag && !std::exchange(done, true))
      registry->add_manifest(repository, tag, oci::media_type::oci_index, index.write());
    return {};
  });
  EXPECT_TRUE(remove(*registry, fake.env(), place(), plan_then).failures.empty());
  EXPECT_TRUE(done);
  EXPECT_EQ(listed(), std::vector{index.manifests.back().digest});
}

TEST_F(CleanTest, WhatIsListedAndGoneIsTakenOffTheListAsWell) {
  start({.referrers_api = false, .known_to_honour = true});
  const auto gone = publish("gone", sign_type);
  publish("there", sign_type);
  registry->remove_manifest(repository, gone);
  EXPECT_EQ(clean(everything).removed.size(), 1U);
  EXPECT_TRUE(listed().empty());
}

TEST_F(CleanTest, ARegistryThatDeletesNothingLosesNothing) {
  start({.referrers_api = false, .known_to_honour = true, .deletes = false});
  add_tag(".sig");
  const auto bundle = publish("one", sign_type);
  const Report report = clean(everything);
  EXPECT_TRUE(report.removed.empty());
  ASSERT_EQ(report.failures.size(), 2U);
  for (const Error& failure : report.failures) EXPECT_FALSE(failure.hint.empty());
  EXPECT_EQ(listed(), std::vector{bundle});
}

class DigestsOnlyTest : public CleanTest {
 protected:
  void start_digests_only() {
    start({.known_to_honour = true});
    registry->before(Call::delete_manifest, [](const Request& request) -> Result<void> {
      if (request.target.starts_with("sha256:")) return {};
      return fail(Code::unsupported, "HTTP 405");
    });
  }
};

TEST_F(DigestsOnlyTest, ByDigestWhereTagsAreNotDeleted) {
  start_digests_only();
  for (const char* suffix : {".sig", ".att", ".sbom"}) add_tag(suffix, suffix);
  EXPECT_EQ(clean(everything).removed.size(), 3U);
  EXPECT_TRUE(clean(everything).removed.empty());
}

TEST_F(DigestsOnlyTest, AnotherImagesTagIsNotTakenAlong) {
  start_digests_only();
  add_tag(".sbom");
  const std::string other = oci::attachment_tag(oci::Digest::sha256("other image"), ".sbom");
  registry->add_manifest(repository, other, oci::media_type::oci_manifest,
                         manifest("x", oci::media_type::simple_signing).write());
  const Report report = clean(everything);
  EXPECT_TRUE(report.removed.empty());
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_NE(report.failures[0].cause.find(other), std::string::npos) << report.failures[0].text();
  EXPECT_TRUE(registry->manifest(repository, other));
}

TEST_F(CleanTest, TagsOfOwnTagsGoWithWhatTheyHold) {
  start({.referrers_api = false, .known_to_honour = true});
  add_tag(".sig");
  add_tag(".sig-0123456789abcdef");
  auto made = manifest("own", oci::media_type::bundle_v03);
  made.subject = image;
  ASSERT_TRUE(store::publish_referrer(*registry, fake.env(), repository, made, {.own_tags = true}));
  const Report report = clean(everything);
  EXPECT_EQ(report.removed.size(), 4U);
  EXPECT_EQ(*registry->tags(repository),
            (std::vector<std::string>{"latest", oci::attachment_tag(image.digest, "")}));
}

TEST_F(CleanTest, WhatCannotBeAskedIsAFailureAndTheRestGoes) {
  start();
  add_tag(".sig");
  registry->before(Call::referrers, [](const auto&) { return fail(Code::unavailable, "HTTP 503"); });
  const Report report = clean(everything);
  EXPECT_EQ(plan.failures.size(), 1U);
  EXPECT_EQ(report.removed.size(), 1U);
}

}  // namespace
}  // namespace sigstore::clean
