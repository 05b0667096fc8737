#include "sigstore/store/attachments.h"

#include <gtest/gtest.h>

#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::store {
namespace {

using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;

const oci::Repository repository{"registry.example", "team/app"};

class AttachmentsTest : public ::testing::Test {
 protected:
  void start(const MemoryOptions& options = {}) {
    registry = std::make_unique<MemoryRegistry>(options);
    image =
        registry->add_manifest(repository, "latest", oci::media_type::oci_manifest, oci::Manifest{}.write());
  }

  static oci::Manifest manifest(const std::vector<std::string>& layers) {
    oci::Manifest made;
    made.media_type = oci::media_type::oci_manifest;
    made.config.media_type = oci::media_type::oci_config;
    made.config.digest = oci::Digest::sha256("{}");
    for (const std::string& content : layers) {
      oci::Descriptor layer;
      layer.media_type = oci::media_type::simple_signing;
      layer.digest = oci::Digest::sha256(content);
      layer.size = content.size();
      made.layers.push_back(std::move(layer));
    }
    return made;
  }

  oci::Descriptor add(const std::string& tag, const oci::Manifest& content) {
    return registry->add_manifest(repository, tag, oci::media_type::oci_manifest, content.write());
  }

  oci::Manifest referrer(const std::string& layer, const std::string& created,
                         const std::string& predicate_type = "") const {
    auto made = manifest({layer});
    made.subject = image;
    made.artifact_type = oci::media_type::bundle_v03;
    made.annotations["org.opencontainers.image.created"] = created;
    if (!predicate_type.empty()) made.annotations["dev.sigstore.bundle.predicateType"] = predicate_type;
    return made;
  }

  void list_in_fallback_tag(const std::vector<oci::Descriptor>& manifests) {
    oci::Index index;
    index.media_type = oci::media_type::oci_index;
    index.manifests = manifests;
    registry->add_manifest(repository, oci::attachment_tag(image.digest, ""), oci::media_type::oci_index,
                           index.write());
  }

  Attachments list(const std::string& prefix = "") {
    registry->clear_log();
    return list_attachments(*registry, repository, image.digest, prefix);
  }

  // "kind type [layers]" of each.
  static std::vector<std::string> summary(const Attachments& all) {
    std::vector<std::string> lines;
    for (const Attachment& one : all.found)
      lines.push_back(std::string(name(one.kind)) + " " + one.type + " [" +
                      std::to_string(one.layers.size()) + "]");
    return lines;
  }

  std::unique_ptr<MemoryRegistry> registry;
  oci::Descriptor image;
};

using Lines = std::vector<std::string>;

TEST_F(AttachmentsTest, NothingThereIsNoFailure) {
  start();
  const auto all = list();
  EXPECT_TRUE(all.found.empty() && all.notes.empty() && all.failures.empty());
  EXPECT_EQ(registry->log().size(), 5U) << "three tags, the API, the fallback tag";
}

TEST_F(AttachmentsTest, TagsAndReferrersAlwaysInTheSameOrder) {
  start();
  add(oci::attachment_tag(image.digest, ".sbom"), manifest({"s"}));
  add(oci::attachment_tag(image.digest, ".sig"), manifest({"1", "2"}));
  add(oci::attachment_tag(image.digest, ".att"), manifest({"a"}));
  add("", referrer("late", "2026-02-01T00:00:00Z"));
  add("", referrer("early", "2026-01-01T00:00:00Z", "https://spdx.dev/Document"));
  const auto all = list();
  EXPECT_EQ(summary(all), (Lines{"attestations  [1]", "signatures  [2]", "sboms  [1]",
                                 "referrer https://spdx.dev/Document [1]",
                                 "referrer application/vnd.dev.sigstore.bundle.v0.3+json [1]"}));
  EXPECT_EQ(all.found[1].location,
            "registry.example/team/app:sha256-" + std::string(image.digest.hex()) + ".sig");
  EXPECT_EQ(all.found[3].location, oci::digest_reference(repository, all.found[3].descriptor.digest));
  EXPECT_EQ(registry->count(Call::manifest), 6) << "one for each tag and each referrer";
  EXPECT_EQ(registry->count(Call::blob), 0);
}

TEST_F(AttachmentsTest, OfTheApiAndOfTheFallbackTagEachOnce) {
  start();
  list_in_fallback_tag({add("", referrer("both", ""))});
  const auto all = list();
  EXPECT_EQ(all.found.size(), 1U);
  EXPECT_TRUE(all.notes.empty());
  EXPECT_EQ(registry->count(Call::manifest), 5);
}

TEST_F(AttachmentsTest, OfTheFallbackTagWhereTheApiIsNotThereOrListsNothing) {
  for (const auto& options :
       {MemoryOptions{.referrers_api = false}, MemoryOptions{.referrers_listed = false}}) {
    start(options);
    list_in_fallback_tag({add("", referrer("one", ""))});
    EXPECT_EQ(list().found.size(), 1U);
  }
}

TEST_F(AttachmentsTest, WhatIsListedWronglyIsPassedOverAndSaid) {
  start({.referrers_api = false});
  const auto gone = add("", referrer("gone", ""));
  registry->remove_manifest(repository, gone.digest);
  auto other = referrer("about another", "");
  other.subject->digest = oci::Digest::sha256("another");
  list_in_fallback_tag({gone, add("", other), add("", manifest({"about nothing"}))});
  const auto all = list();
  EXPECT_TRUE(all.found.empty() && all.failures.empty());
  ASSERT_EQ(all.notes.size(), 3U);
  int missing = 0;
  for (const std::string& note : all.notes)
    missing += note == "listed as a referrer, but not there any more: " +
                           oci::digest_reference(repository, gone.digest);
  EXPECT_EQ(missing, 1);
}

TEST_F(AttachmentsTest, AnImageUnderTheFallbackTagIsNoList) {
  start();
  add(oci::attachment_tag(image.digest, ""), manifest({"what `cosign copy` of the original leaves"}));
  const auto all = list();
  EXPECT_TRUE(all.found.empty() && all.failures.empty());
  EXPECT_EQ(all.notes.size(), 1U);
}

TEST_F(AttachmentsTest, AnIndexMayBeAReferrer) {
  start({.referrers_api = false});
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  index.artifact_type = "application/vnd.example";
  index.subject = image;
  index.manifests = {image, image};
  list_in_fallback_tag({registry->add_manifest(repository, "", oci::media_type::oci_index, index.write())});
  EXPECT_EQ(summary(list()), (Lines{"referrer application/vnd.example [2]"}));
}

TEST_F(AttachmentsTest, WhatCannotBeAskedIsAFailureAndTheRestIsFound) {
  start();
  add(oci::attachment_tag(image.digest, ".sig"), manifest({"1"}));
  registry->before(Call::referrers, [](const auto&) { return fail(Code::unavailable, "HTTP 503"); });
  const auto all = list();
  EXPECT_EQ(summary(all), (Lines{"signatures  [1]"}));
  ASSERT_EQ(all.failures.size(), 1U);
  EXPECT_EQ(all.failures[0].code, Code::unavailable);
  EXPECT_EQ(all.failures[0].message, "cannot list the referrers in registry.example/team/app");
}

TEST_F(AttachmentsTest, TagsThatARegistryHidesAreAbsent) {
  start({.absent_tag = Code::forbidden});
  const auto all = list();
  EXPECT_TRUE(all.found.empty() && all.failures.empty());
  EXPECT_EQ(all.notes.size(), 4U);
}

TEST_F(AttachmentsTest, DamagedTagsAreFailures) {
  start();
  registry->add_manifest(repository, oci::attachment_tag(image.digest, ".sig"), oci::media_type::oci_manifest,
                         "{");
  registry->add_manifest(repository, oci::attachment_tag(image.digest, ""), oci::media_type::oci_index, "[]");
  const auto all = list();
  ASSERT_EQ(all.failures.size(), 2U);
  EXPECT_EQ(all.failures[0].code, Code::malformed);
  EXPECT_EQ(all.failures[1].code, Code::malformed);
}

TEST_F(AttachmentsTest, ThePrefixIsOfTheThreeTags) {
  start();
  add("old-" + oci::attachment_tag(image.digest, ".sig"), manifest({"1"}));
  EXPECT_TRUE(list().found.empty());
  EXPECT_EQ(summary(list("old-")), (Lines{"signatures  [1]"}));
}

}  // namespace
}  // namespace sigstore::store
