#include "sigstore/store/referrers/repair.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/own_tags.h"
#include "sigstore/store/referrers/fallback_index.h"

namespace sigstore::store {
namespace {

using State = RepairEntry::State;
using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

const oci::Repository repository{"registry.example", "devops/nginx"};
const std::string fixtures = SOURCE_ROOT "/test/interop/testdata/";
constexpr std::string_view image_text = R"({"schemaVersion":2,"layers":[]})";
constexpr std::string_view note_type = "application/x.note";

class RepairTest : public testing::Test {
 protected:
  explicit RepairTest(MemoryOptions options = {.referrers_api = false})
      : registry(options),
        image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest, image_text)),
        tag(fallback_tag(image.digest)) {}

  // A manifest about `subject`, by default the image; its descriptor as a list has it.
  oci::Descriptor referrer(const std::string& seed, const std::string& under = {},
                           std::optional<oci::Descriptor> subject = {}) {
    oci::Manifest manifest;
    manifest.media_type = oci::media_type::oci_manifest;
    manifest.artifact_type = note_type;
    manifest.annotations["seed"] = seed;
    manifest.subject = subject ? *subject : image;
    const std::string text = manifest.write();
    registry.add_manifest(repository, under, oci::media_type::oci_manifest, text);
    return *oci::referrer_descriptor(text, oci::media_type::oci_manifest);
  }
  static std::string index_of(const std::vector<oci::Descriptor>& manifests) {
    oci::Index index;
    index.media_type = oci::media_type::oci_index;
    index.manifests = manifests;
    return index.write();
  }
  void put_list(std::string_view text, std::string_view media_type = oci::media_type::oci_index) {
    registry.add_manifest(repository, tag, media_type, text);
  }
  RepairPlan plan(const RepairOptions& options = {}) {
    auto planned = plan_repair(registry, fake.env(), repository, image.digest, options);
    if (!planned) throw std::runtime_error(planned.error().text());
    return std::move(*planned);
  }
  // "good gone restored"
  std::string states(const RepairOptions& options = {}) {
    std::string text;
    for (const RepairEntry& entry : plan(options).entries)
      text += (text.empty() ? "" : " ") + std::string(name(entry.state));
    return text;
  }
  Result<RepairReport> done(const RepairOptions& options = {}) {
    return repair(registry, fake.env(), repository, image.digest, plan(options));
  }
  oci::Index listed() { return *oci::Index::parse(registry.manifest(repository, tag)->bytes); }
  // Repairs, and expects these there in this order, and nothing to do any more.
  void repaired_to(const std::vector<oci::Descriptor>& wanted, const RepairOptions& options = {}) {
    EXPECT_TRUE(plan(options).needed());
    ASSERT_TRUE(done(options));
    EXPECT_EQ(listed().manifests, wanted);
    EXPECT_EQ(listed().media_type, oci::media_type::oci_index);
    EXPECT_FALSE(plan().needed());
  }

  fakes::FakeEnv fake;
  MemoryRegistry registry;
  oci::Descriptor image;
  std::string tag;
};

// --- nothing to do

TEST_F(RepairTest, NothingThereAndNothingToList) {
  const auto planned = plan();
  EXPECT_FALSE(planned.exists);
  EXPECT_FALSE(planned.needed());
}

TEST_F(RepairTest, AGoodListStaysAsItIs) {
  put_list(index_of({referrer("1"), referrer("2")}));
  EXPECT_EQ(states(), "good good");
  EXPECT_FALSE(plan().needed());
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(RepairTest, OlderFormsOfEntriesAreGood) {
  auto none = referrer("1"), config = referrer("2");
  none.artifact_type = {};
  none.annotations = {};
  config.artifact_type = oci::media_type::oci_empty;
  put_list(index_of({none, config}));
  EXPECT_EQ(states(), "good good");
}

TEST_F(RepairTest, TheListsOfRealCosignAreGood) {
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"})
    for (const std::string name : {"bundle-signature", "legacy-and-bundle"}) {
      const oci::Repository there{"registry.example", version + "/" + name};
      registry.load_layout(fixtures + version + "/images/" + name, there);
      const auto digest = registry.resolve(*oci::Reference::parse(there.text() + ":latest"))->digest;
      const auto planned = plan_repair(registry, fake.env(), there, digest);
      ASSERT_TRUE(planned) << planned.error().text();
      EXPECT_TRUE(planned->exists);
      EXPECT_FALSE(planned->needed()) << there.text();
      EXPECT_FALSE(planned->entries.empty());
    }
}

// --- entries

TEST_F(RepairTest, WhatIsGoneForeignOrDoubledIsDropped) {
  const auto good = referrer("1"), gone = referrer("2");
  const auto foreign = referrer("3", {}, good);
  registry.remove_manifest(repository, gone.digest);
  put_list(index_of({gone, good, foreign, image, good}));
  EXPECT_EQ(states(), "gone good foreign foreign doubled");
  repaired_to({good});
}

TEST_F(RepairTest, WrongSizesAndTypesAreCorrected) {
  const auto one = referrer("1"), two = referrer("2"), three = referrer("3");
  auto size = one, type = two, artifact = three;
  size.size = 7;
  size.annotations = {{"their", "own"}};
  type.media_type = "text/plain";
  artifact.artifact_type = "application/x.other";
  put_list(index_of({size, type, artifact}));
  EXPECT_EQ(states(), "corrected corrected corrected");
  auto kept = one;
  kept.annotations = {{"their", "own"}};
  repaired_to({kept, two, three});
}

TEST_F(RepairTest, AnEntryThatCannotBeReadIsDescribedAnew) {
  const auto good = referrer("1"), broken = referrer("2");
  put_list(R"({"schemaVersion":2,"manifests":[{"digest":")" + broken.digest.text() + R"("},)" +
           codec::json::write(good.to_json()) + R"(,"text",{"digest":"sha256:1"}]})");
  const auto planned = plan();
  EXPECT_EQ(planned.damage.size(), 2u) << "entries without a digest";
  EXPECT_EQ(states(), "corrected good");
  repaired_to({broken, good});
}

TEST_F(RepairTest, WhatCannotBeAskedIsKept) {
  const auto good = referrer("1"), silent = referrer("2"), gone = referrer("3");
  registry.remove_manifest(repository, gone.digest);
  put_list(index_of({good, silent, gone}));
  registry.before(Call::manifest, [&](const Request& request) -> Result<void> {
    if (request.target == silent.digest.text()) return fail(Code::unavailable, "HTTP 503");
    return {};
  });
  EXPECT_EQ(states(), "good kept gone");
  repaired_to({good, silent});
}

TEST_F(RepairTest, AnEntryThatCanNeitherBeReadNorAskedAboutStopsIt) {
  const auto silent = referrer("1");
  put_list(R"({"schemaVersion":2,"manifests":[{"digest":")" + silent.digest.text() + R"("}]})");
  registry.before(Call::manifest, [&](const Request& request) -> Result<void> {
    if (request.target == silent.digest.text()) return fail(Code::unavailable, "HTTP 503");
    return {};
  });
  const auto planned = plan_repair(registry, fake.env(), repository, image.digest);
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().code, Code::unavailable);
}

// --- the document

TEST_F(RepairTest, BrokenJsonIsRewrittenFromWhatItMentions) {
  const auto one = referrer("1"), two = referrer("2");
  const std::string whole = index_of({one, two, image});
  put_list(whole.substr(0, whole.size() - 5));
  EXPECT_EQ(plan().damage.size(), 1u);
  EXPECT_EQ(states(), "restored restored") << "and not the image, which refers to nothing";
  repaired_to({one, two});
}

TEST_F(RepairTest, AnImageInItsPlace) {
  put_list(image_text, oci::media_type::oci_manifest);
  EXPECT_EQ(plan().damage[0], "it is the manifest of an image or artifact, and no list of referrers");
  repaired_to({});
  EXPECT_TRUE(registry.manifest(repository, image.digest.text())) << "it stays under its digest";
}

TEST_F(RepairTest, AReferrerInItsPlaceIsListed) {
  const auto one = referrer("1", tag);
  EXPECT_EQ(states(), "restored");
  repaired_to({one});
}

TEST_F(RepairTest, AnotherMediaTypeBecomesThatOfAnIndexAndMembersStay) {
  const auto one = referrer("1");
  put_list(
      R"({"schemaVersion":2,"vendor":[1.0],"mediaType":"application/vnd.docker.distribution.manifest.list.v2+json",)"
      R"("manifests":[)" +
          codec::json::write(one.to_json()) + "]}",
      oci::media_type::docker_index);
  EXPECT_EQ(states(), "good");
  repaired_to({one});
  EXPECT_NE(registry.manifest(repository, tag)->bytes.find(R"("vendor":[1.0])"), std::string::npos);
}

// --- what is found again

TEST_F(RepairTest, FromTheTagsOfSignersOwn) {
  const auto listed_one = referrer("1"), lost = referrer("2");
  FallbackIndex index(registry, repository);
  ASSERT_TRUE(OwnTags(registry, repository, tag, 1).publish(index, FallbackIndex::entry_for(lost)));
  put_list(index_of({listed_one}));
  const auto planned = plan();
  ASSERT_EQ(planned.entries.size(), 2u);
  EXPECT_EQ(planned.entries[1].state, State::restored);
  EXPECT_TRUE(planned.entries[1].detail.starts_with("the tag " + tag + "-")) << planned.entries[1].detail;
  repaired_to({listed_one, lost});
}

TEST_F(RepairTest, FromOtherTagsAndWhereThereIsNoList) {
  const auto lost = referrer("1", "note-v1");
  referrer("2", "other-note", lost);
  EXPECT_EQ(states(), "restored");
  repaired_to({lost});
}

TEST_F(RepairTest, FromTheCommandLine) {
  const auto one = referrer("1"), two = referrer("2"), three = referrer("3");
  const auto earlier =
      registry.add_manifest(repository, "", oci::media_type::oci_index, index_of({one, two}));
  put_list(index_of({one}));
  EXPECT_EQ(states(), "good") << "nobody can find these";
  repaired_to({one, three, two}, {.also = {three.digest, earlier.digest}});
}

TEST_F(RepairTest, ADigestThatIsNoReferrerIsAnError) {
  const auto refused = plan_repair(registry, fake.env(), repository, image.digest, {.also = {image.digest}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
}

TEST_F(RepairTest, TagsThatCannotBeListedAreSaid) {
  const auto good = referrer("1");
  put_list(index_of({good, good}));
  registry.before(Call::tags, [](const Request&) -> Result<void> { return fail(Code::forbidden, "no"); });
  EXPECT_EQ(plan().failures.size(), 1u);
  ASSERT_TRUE(done());
  EXPECT_EQ(listed().manifests, std::vector{good});
}

class RepairBesideTheApi : public RepairTest {
 protected:
  RepairBesideTheApi() : RepairTest(MemoryOptions{}) {}
};

TEST_F(RepairBesideTheApi, WhatTheApiListsNeedsNoEntry) {
  referrer("1", "note-v1");
  const auto planned = plan();
  EXPECT_TRUE(planned.api);
  EXPECT_FALSE(planned.needed());
}

TEST_F(RepairBesideTheApi, AListThatIsThereIsRepairedAllTheSame) {
  const auto one = referrer("1");
  put_list(index_of({one, one}));
  repaired_to({one});
}

// --- writing

TEST_F(RepairTest, WhatAnotherWritesMeanwhileStays) {
  const auto one = referrer("1"), theirs = referrer("2");
  put_list(index_of({one, one}));
  const auto planned = plan();
  bool written = false;
  registry.before(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (!std::exchange(written, true)) put_list(index_of({one, one, theirs}));
    return {};
  });
  ASSERT_TRUE(repair(registry, fake.env(), repository, image.digest, planned));
  EXPECT_EQ(listed().manifests, (std::vector{one, theirs}));
}

class RepairWithoutConditions : public RepairTest {
 protected:
  RepairWithoutConditions()
      : RepairTest(MemoryOptions{.referrers_api = false, .preconditions = false, .etags = false}) {}
};

TEST_F(RepairWithoutConditions, WhatAnotherOverwritesIsPutBackWithTheirs) {
  const auto one = referrer("1"), lost = referrer("2", "note"), theirs = referrer("3");
  put_list(index_of({one}));
  const auto planned = plan();
  bool overwritten = false;
  registry.after(Call::push_manifest, [&](const Request&) -> Result<void> {
    if (!std::exchange(overwritten, true)) put_list(index_of({one, theirs}));
    return {};
  });
  ASSERT_TRUE(repair(registry, fake.env(), repository, image.digest, planned));
  EXPECT_EQ(listed().manifests, (std::vector{one, theirs, lost}));
}

TEST_F(RepairTest, SomebodyElseWasFaster) {
  const auto one = referrer("1");
  put_list(index_of({one, one}));
  const auto planned = plan();
  put_list(index_of({one}));
  EXPECT_EQ(repair(registry, fake.env(), repository, image.digest, planned)->writes, 0);
}

TEST_F(RepairTest, AListThatCannotBeReadIsNotOverwritten) {
  put_list("broken");
  registry.before(Call::manifest, [&](const Request& request) -> Result<void> {
    if (request.target == tag) return fail(Code::unavailable, "HTTP 500");
    return {};
  });
  EXPECT_FALSE(plan_repair(registry, fake.env(), repository, image.digest));
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

}  // namespace
}  // namespace sigstore::store
