#include "sigstore/trust_cache/testing/internal/played_cache.h"

namespace sigstore::trust_cache {
namespace {

using namespace std::chrono_literals;
using testing::trusted_root;
using tuf::testing::Play;
using TrustCache = testing::PlayedCache;

TEST_F(TrustCache, KeepsWhatWasFetchedInThePlaceOfRealCosign) {
  const auto state = load();
  EXPECT_EQ(content(state), "first");
  EXPECT_TRUE(state->asked);
  EXPECT_TRUE(state->notices.empty());
  EXPECT_EQ(state->folder, "/home/u/.sigstore/root/t.example-8443-repo");
  EXPECT_EQ(state->trusted.at("root").version, 1U);
  EXPECT_EQ(state->root, play.root);
  EXPECT_EQ(state->listed, play.targets.at("targets"));
  EXPECT_EQ(kept("root.json"), play.file("1.root.json"));
  EXPECT_EQ(kept("timestamp.json"), play.file("timestamp.json"));
  EXPECT_EQ(kept("snapshot.json"), play.file("1.snapshot.json"));
  EXPECT_EQ(kept("targets.json"), play.file("1.targets.json"));
  EXPECT_EQ(kept("targets/trusted_root.json"), "first");
  EXPECT_EQ(fake.files.get(place.folder + "/t.example-8443-repo.json")->text,
            R"({"lastTimestamp":"2026-01-01T00:00:00.000Z"})");
  EXPECT_FALSE(fake.files.exists(place.folder + "/UNFINISHED"));
  EXPECT_FALSE(fake.files.exists(place.folder + "/remote.json")) << "only initialize chooses";
}

TEST_F(TrustCache, AFreshOneAsksNobodyAndNeedsNoLock) {
  ASSERT_TRUE(load());
  opened = 0;
  const auto held = fake.files.lock(place.folder);
  ASSERT_TRUE(held);
  const auto state = load();
  EXPECT_EQ(content(state), "first");
  EXPECT_FALSE(state->asked);
  EXPECT_EQ(state->refreshed, fake.clock.now());
  EXPECT_EQ(opened, 0);
  EXPECT_TRUE(fake.clock.sleeps().empty());
}

TEST_F(TrustCache, ARefreshWithNothingNewAsksTwiceAndWritesNothingButItsTime) {
  ASSERT_TRUE(load());
  const auto before = kept("timestamp.json");
  fake.clock.advance(1h);
  const auto state = load(Reach::refresh);
  EXPECT_EQ(content(state), "first");
  EXPECT_EQ(play.repository.asked, (std::vector<std::string>{"2.root.json", "timestamp.json"}));
  EXPECT_EQ(kept("timestamp.json"), before);
  EXPECT_EQ(load()->refreshed, fake.clock.now());
}

TEST_F(TrustCache, WhatIsNewIsTakenWhenItIsAskedFor) {
  ASSERT_TRUE(load());
  change("second");
  EXPECT_EQ(content(load(Reach::fresh)), "first");
  EXPECT_EQ(content(load(Reach::offline)), "first");
  EXPECT_EQ(content(load(Reach::refresh)), "second");
  EXPECT_EQ(content(load(Reach::offline)), "second");
}

TEST_F(TrustCache, AnExpiredOneIsRefreshedAndOffline) {
  ASSERT_TRUE(load());
  fake.clock.advance(101 * 24h);
  EXPECT_EQ(content(load(Reach::offline)), "first");
  EXPECT_EQ(load(Reach::offline)->notices,
            std::vector<std::string>{"the metadata of https://t.example:8443/Repo: root expired at "
                                     "2026-04-11T00:00:00Z, snapshot expired at 2026-04-11T00:00:00Z, "
                                     "targets expired at 2026-04-11T00:00:00Z, timestamp expired at "
                                     "2026-04-11T00:00:00Z"});
  unreachable = true;
  const Error error = refused();
  EXPECT_EQ(error.code, Code::unreachable);
  EXPECT_EQ(error.text(),
            "what is kept of https://t.example:8443/Repo expired at 2026-04-11T00:00:00Z, and could not be "
            "refreshed: nobody is there");
  unreachable = false;
  EXPECT_EQ(refused().code, Code::timeout) << "and so has what the mirror has";
  EXPECT_EQ(content(load(Reach::offline)), "first") << "what was there stays";
}

TEST_F(TrustCache, ExpiryIsAnnounced) {
  ASSERT_TRUE(load());
  fake.clock.advance(87 * 24h);
  EXPECT_EQ(load()->notices,
            std::vector<std::string>{"the metadata of https://t.example:8443/Repo: root expires at "
                                     "2026-04-11T00:00:00Z, targets expires at 2026-04-11T00:00:00Z"});
  place.mirror = "/mnt/mirror";
  EXPECT_EQ(load(Reach::refresh)->notices.size(), 1U) << "nobody refreshes a folder by itself";
}

TEST_F(TrustCache, WithoutAnythingOfflineSaysWhatWouldBeFetched) {
  const Error error = refused(Reach::offline);
  EXPECT_EQ(error.code, Code::not_found);
  EXPECT_EQ(error.text(),
            "nothing is kept here of https://t.example:8443/Repo, and nobody may be asked: timestamp.json, "
            "snapshot.json, targets.json, trusted_root.json would have been fetched");
  EXPECT_NE(error.hint.find("cosign mirror create"), std::string::npos);
  EXPECT_EQ(opened, 0);
  EXPECT_TRUE(fake.files.paths().empty());
}

TEST_F(TrustCache, WithoutARootNobodyIsAsked) {
  place.root.clear();
  const Error error = refused();
  EXPECT_EQ(error.code, Code::not_found);
  EXPECT_EQ(error.hint, "cosign initialize --mirror https://t.example:8443/Repo --root FILE");
  EXPECT_EQ(requests(), 0U);
}

TEST_F(TrustCache, TargetsThatNobodyVouchesForAreLeftOut) {
  const auto state = load(Reach::fresh, {"none.json", trusted_root});
  EXPECT_EQ(content(state), "first");
  EXPECT_EQ(content(load(Reach::fresh, {"none.json", trusted_root})), "first");
  EXPECT_EQ(requests(), 0U);
}

TEST_F(TrustCache, ATargetThatWasNotAskedForBeforeIsFetched) {
  play.add_target("targets", "other.json", "other");
  play.release("targets");
  ASSERT_TRUE(load());
  EXPECT_EQ(content(load(Reach::fresh, {"other.json"})), "other");
  EXPECT_TRUE(load(Reach::offline, {"other.json"})->notices.empty());
  play.add_target("targets", "third.json", "third");
  play.release("targets");
  ASSERT_TRUE(load(Reach::refresh));
  const auto state = load(Reach::offline, {"third.json"});
  EXPECT_EQ(content(state), "no target");
  EXPECT_EQ(state->lost, (std::map<std::string, Flaw>{{"third.json", Flaw::missing}}));
}

TEST_F(TrustCache, DelegatedRolesAreKeptToo) {
  tuf::Delegation delegation;
  delegation.name = "role/a";
  delegation.paths = {"dir/*"};
  play.delegate("targets", delegation);
  play.add_target("role/a", "dir/x", "delegated");
  play.targets.at("targets").version += 1;
  play.publish();
  play.snapshot.version += 1;
  play.publish();
  const auto state = load(Reach::fresh, {"dir/x"});
  EXPECT_EQ(content(state), "delegated");
  EXPECT_TRUE(state->trusted.contains("role/a"));
  EXPECT_FALSE(kept("role%2Fa.json").empty());
  EXPECT_EQ(kept("targets/dir%2Fx"), "delegated");
  EXPECT_EQ(content(load(Reach::fresh, {"dir/x"})), "delegated");
  EXPECT_EQ(requests(), 0U);
  ASSERT_TRUE(fake.files.remove(place.folder + "/t.example-8443-repo/role%2Fa.json"));
  EXPECT_EQ(content(load(Reach::fresh, {"dir/x"})), "delegated") << "fetched again";
  EXPECT_NE(requests(), 0U);
}

TEST_F(TrustCache, AFailedRefreshLeavesWhatWasThere) {
  ASSERT_TRUE(load());
  const auto before = fake.files.paths();
  play.repository.files["timestamp.json"] = "{";
  EXPECT_EQ(refused(Reach::refresh).code, Code::malformed);
  play.publish();
  change("second");
  for (auto& [name, file] : play.repository.files)
    if (name.ends_with("trusted_root.json")) file = "wrong!";
  EXPECT_EQ(refused(Reach::refresh).code, Code::mismatch);
  EXPECT_EQ(fake.files.paths(), before);
  EXPECT_EQ(kept("targets.json"), play.file("1.targets.json")) << "metadata goes with its targets";
  EXPECT_EQ(content(load()), "first");
}

TEST_F(TrustCache, WhatCannotBeUsedIsNotKept) {
  place.check = [](const std::string& name, const std::string& text) -> Result<std::string> {
    if (text == "bad") return fail(Code::malformed, name + " is none");
    return text == "odd" ? name + " is odd" : "";
  };
  ASSERT_TRUE(initialize());
  const auto chosen = fake.files.get(place.folder + "/remote.json")->text;
  const auto before = fake.files.paths();
  change("bad");
  EXPECT_EQ(refused(Reach::refresh).text(), "trusted_root.json is none");
  EXPECT_EQ(initialize().error().code, Code::malformed);
  const std::string mirror = std::exchange(place.mirror, "https://other.example");
  EXPECT_EQ(initialize().error().code, Code::malformed);
  place.mirror = mirror;
  EXPECT_EQ(fake.files.get(place.folder + "/remote.json")->text, chosen);
  EXPECT_EQ(fake.files.paths(), before);
  EXPECT_EQ(content(load(Reach::offline)), "first");
  EXPECT_EQ(kept("targets.json"), play.file("1.targets.json"));
  change("odd");
  const auto state = load(Reach::refresh);
  EXPECT_EQ(content(state), "odd");
  EXPECT_EQ(state->notices, std::vector<std::string>{"trusted_root.json is odd"});
  place.folder.clear();
  change("bad");
  EXPECT_EQ(refused(Reach::refresh).code, Code::malformed) << "nor used where nothing is kept";
}

TEST_F(TrustCache, OnlyWhatWasBegunFromANamedRootCounts) {
  ASSERT_TRUE(load());
  place.root_is_named = true;
  EXPECT_EQ(content(load()), "first");
  EXPECT_EQ(requests(), 0U) << "it is the same";
  play.rotate("root");
  play.root.version = 2;
  play.publish_root();
  ASSERT_TRUE(load(Reach::refresh));
  EXPECT_EQ(kept("root.json"), play.file("2.root.json"));
  EXPECT_EQ(content(load()), "first");
  EXPECT_EQ(requests(), 0U) << "it was begun from it";
  Play other(fake.clock.now() + 100 * 24h);
  other.add_target("targets", trusted_root, "another");
  other.publish();
  place.root = other.file("1.root.json");
  EXPECT_EQ(refused().code, Code::bad_signature) << "the mirror is none of that root";
  EXPECT_EQ(refused(Reach::offline).code, Code::not_found);
  play.repository.files = other.repository.files;
  EXPECT_EQ(content(load()), "another");
  EXPECT_EQ(content(load(Reach::offline)), "another");
  place.root_is_named = false;
  EXPECT_EQ(content(load()), "another");
}

TEST(TrustCacheFolder, IsNamedAsRealCosignNamesIt) {
  EXPECT_EQ(folder_name("https://tuf-repo-cdn.sigstore.dev"), "tuf-repo-cdn.sigstore.dev");
  EXPECT_EQ(folder_name("http://Localhost:8080/A/b/"), "localhost-8080-a-b-");
  EXPECT_EQ(folder_name("https://http://x"), "x");
  EXPECT_EQ(folder_name("/mnt/mirror.tar"), "-mnt-mirror.tar");
  EXPECT_EQ(folder_name("/mnt/Mirror.tar"), "-mnt-Mirror.tar") << "another file";
}

}  // namespace
}  // namespace sigstore::trust_cache
