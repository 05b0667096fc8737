#include "sigstore/doctor/examination.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::doctor {
namespace {

using enum Finding;
using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;

const oci::Repository repository{"registry.test", "team/app"};

struct ExaminationTest : ::testing::Test {
  fakes::FakeEnv fake;
  Scratch scratch = make_scratch("0123456789abcdef").value();

  Examination examined(MemoryRegistry& registry) {
    return examine(registry, fake.env(), repository, scratch);
  }
  Examination examined(const MemoryOptions& options) {
    MemoryRegistry registry(options);
    return examined(registry);
  }
};

TEST_F(ExaminationTest, AGoodRegistryDoesAllAndKeepsNothing) {
  MemoryRegistry registry;
  const auto found = examined(registry);
  for (const Check* check : found.findings.all())
    EXPECT_TRUE(check->works()) << check->id << ": " << sentence(*check);
  EXPECT_TRUE(found.left.empty());
  EXPECT_FALSE(found.interrupted);
  EXPECT_EQ(registry.tags(repository).value().size(), 0u);
  for (const Piece* piece : {&scratch.image, &scratch.sig, &scratch.bundle, &scratch.index_of_two})
    EXPECT_FALSE(registry.manifest(repository, piece->digest().text()));
  EXPECT_EQ(registry.has_blob(repository, oci::Digest::sha256(scratch.blobs[0])), false);
  EXPECT_EQ(registry.has_blob(repository, oci::Digest::sha256(shared_blob)), true)
      << "others have it as well";
}

TEST_F(ExaminationTest, WhatOthersHaveStays) {
  MemoryRegistry registry;
  registry.add_manifest(repository, "v1", oci::media_type::oci_index,
                        R"({"schemaVersion":2,"manifests":[]})");
  EXPECT_TRUE(examined(registry).left.empty());
  EXPECT_EQ(registry.tags(repository).value(), std::vector<std::string>{"v1"});
}

TEST_F(ExaminationTest, TheReferrersApi) {
  EXPECT_EQ(examined({.referrers_api = false}).findings.referrers.finding, absent);
  EXPECT_EQ(examined({.referrers_listed = false}).findings.referrers.finding, empty);
  EXPECT_EQ(examined({.subject_acknowledged = false}).findings.subject_named.finding, absent);
}

TEST_F(ExaminationTest, TagsThatDoNotMove) {
  const auto f = examined({.immutable_tags = true}).findings;
  EXPECT_EQ(f.move_tag.finding, fixed);
  EXPECT_EQ(f.sig_again.finding, fixed);
  EXPECT_EQ(f.fallback_again.finding, fixed);
  EXPECT_EQ(f.conditions.finding, untried);
  EXPECT_TRUE(f.sig.works());
}

TEST_F(ExaminationTest, ConditionsThatAreIgnored) {
  EXPECT_EQ(examined({.preconditions = false}).findings.conditions.finding, ignored);
  EXPECT_TRUE(examined({.etags = false}).findings.conditions.works());
}

TEST_F(ExaminationTest, ATagThatSaysItMovedAndDidNot) {
  MemoryRegistry registry;
  registry.after(Call::push_manifest, [&](const remote::testing::Request& request) -> Result<void> {
    if (request.target == scratch.sig_tag)
      registry.add_manifest(repository, scratch.sig_tag, scratch.sig.media_type, scratch.sig.content);
    return {};
  });
  EXPECT_EQ(examined(registry).findings.sig_again.finding, ignored);
}

TEST_F(ExaminationTest, TagsThatAreHidden) {
  for (const Code code : {Code::forbidden, Code::unauthorized}) {
    const auto found = examined({.absent_tag = code});
    EXPECT_EQ(found.findings.absent_tag.finding, hidden);
    EXPECT_TRUE(found.findings.delete_tag.works()) << "what is hidden now is gone";
  }
}

TEST_F(ExaminationTest, WhereNothingIsDeletedWhatIsLeftIsSaid) {
  const auto found = examined({.deletes = false});
  EXPECT_EQ(found.findings.delete_tag.finding, refused);
  EXPECT_EQ(found.findings.delete_manifest.finding, refused);
  EXPECT_EQ(found.findings.delete_blob.finding, refused);
  const auto is_left = [&](const std::string& what) {
    return std::ranges::find(found.left, what) != found.left.end();
  };
  EXPECT_TRUE(is_left("registry.test/team/app:" + scratch.tag));
  EXPECT_TRUE(is_left("registry.test/team/app:" + scratch.fallback_tag));
  EXPECT_TRUE(is_left(oci::digest_reference(repository, scratch.bundle.digest())));
  EXPECT_NE(found.left.back().find(" blobs of registry.test/team/app"), std::string::npos);
}

TEST_F(ExaminationTest, WhoeverMayNotPushLeavesNothing) {
  MemoryRegistry registry;
  registry.before(Call::push_blob,
                  [](const auto&) -> Result<void> { return fail(Code::forbidden, "no permission to push"); });
  const auto found = examined(registry);
  EXPECT_TRUE(found.findings.ping.works());
  EXPECT_EQ(found.findings.push.finding, refused);
  EXPECT_EQ(found.findings.sig.finding, untried);
  EXPECT_TRUE(found.left.empty());
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(ExaminationTest, WhatFailsForAMomentIsAskedAgain) {
  MemoryRegistry registry;
  std::map<std::string, int> failures;
  registry.before(Call::push_manifest, [&](const remote::testing::Request& request) -> Result<void> {
    if (failures[request.target]++ == 0) return fail(Code::unavailable, "HTTP 500");
    return {};
  });
  const auto found = examined(registry);
  for (const Check* check : found.findings.all()) EXPECT_TRUE(check->works()) << check->id;
}

TEST_F(ExaminationTest, ARegistryThatDoesNotAnswerIsNoFindingAboutIt) {
  MemoryRegistry registry;
  registry.before(Call::ping,
                  [](const auto&) -> Result<void> { return fail(Code::unreachable, "no route"); });
  const auto found = examined(registry);
  EXPECT_EQ(found.findings.ping.finding, failed);
  EXPECT_EQ(found.findings.push.finding, untried);
  EXPECT_EQ(registry.count(Call::push_blob), 0);
}

TEST_F(ExaminationTest, AnInterruptEndsItAndNamesWhatMayBeThere) {
  MemoryRegistry registry;
  registry.before(Call::tags,
                  [](const auto&) -> Result<void> { return fail(Code::cancelled, "interrupted"); });
  const auto found = examined(registry);
  EXPECT_TRUE(found.interrupted);
  EXPECT_EQ(found.findings.move_tag.finding, untried);
  EXPECT_EQ(found.left[0], "registry.test/team/app:" + scratch.tag);
  EXPECT_EQ(registry.count(Call::delete_manifest), 0);
}

TEST(Scratch, IsAnotherOneEachTime) {
  const auto one = make_scratch("0000000000000001").value(), two = make_scratch("0000000000000002").value();
  EXPECT_NE(one.image.digest(), two.image.digest());
  EXPECT_NE(one.sig_tag, two.sig_tag);
  for (const auto& blob : one.blobs)
    EXPECT_EQ(std::ranges::find(two.blobs, blob), two.blobs.end()) << "a blob that somebody else may have";
}

}  // namespace
}  // namespace sigstore::doctor
