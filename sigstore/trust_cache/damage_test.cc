// What is damaged, cannot be written, or breaks off; and who takes turns.
#include "sigstore/trust_cache/testing/internal/played_cache.h"

namespace sigstore::trust_cache {
namespace {

using namespace std::chrono_literals;
using testing::EndingFiles;
using testing::trusted_root;
using TrustCacheDamage = testing::PlayedCache;

// --- places that cannot be written, and damage

TEST_F(TrustCacheDamage, WithoutAFolderAllIsInMemory) {
  place.folder.clear();
  EXPECT_EQ(load()->notices, std::vector<std::string>());
  place.nowhere = "there is no folder for it (neither TUF_ROOT nor HOME names one)";
  const auto state = load();
  EXPECT_EQ(content(state), "first");
  EXPECT_EQ(state->notices, std::vector<std::string>{
                                "what https://t.example:8443/Repo says is not kept, and fetched each time: "
                                "there is no folder for it (neither TUF_ROOT nor HOME names one)"});
  EXPECT_TRUE(fake.files.paths().empty());
  EXPECT_EQ(refused(Reach::offline).code, Code::not_found);
}

TEST_F(TrustCacheDamage, AFolderThatCannotBeWrittenIsReadAndRefreshedInMemory) {
  EndingFiles files(fake.files);
  Env env = fake.env();
  env.files = &files;
  const auto load_it = [&](Reach reach) {
    return trust_cache::load(env, place, reach, {trusted_root}, open());
  };
  files.left = 0;
  auto state = load_it(Reach::fresh);
  EXPECT_EQ(content(state), "first") << "there is not even a folder";
  ASSERT_EQ(state->notices.size(), 1U);
  EXPECT_NE(state->notices[0].find("read-only file system"), std::string::npos) << state->notices[0];
  files.left = 1000;
  ASSERT_TRUE(load_it(Reach::fresh));
  files.left = 0;
  state = load_it(Reach::fresh);
  EXPECT_EQ(content(state), "first");
  EXPECT_TRUE(state->notices.empty() && !state->asked);
  change("second");
  state = load_it(Reach::refresh);
  EXPECT_EQ(content(state), "second");
  EXPECT_EQ(state->notices.size(), 1U);
  EXPECT_EQ(content(load_it(Reach::fresh)), "first");
}

TEST_F(TrustCacheDamage, DamageIsRepairedAndSaidSo) {
  for (const std::string file :
       {"root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/trusted_root.json"}) {
    ASSERT_TRUE(load());
    for (const std::string& text : {std::string(), std::string("{"), std::string(5, '\0')}) {
      fake.files.put(place.folder + "/t.example-8443-repo/" + file, text);
      const auto state = load();
      ASSERT_EQ(content(state), "first") << file;
      ASSERT_EQ(state->notices.size(), 1U) << file;
      EXPECT_TRUE(state->notices[0].starts_with(file + " of https://t.example:8443/Repo was damaged"))
          << state->notices[0];
      EXPECT_TRUE(load()->notices.empty());
      EXPECT_EQ(requests(), 0U) << "it is whole again";
    }
  }
}

TEST_F(TrustCacheDamage, ADamagedRootWithoutAnotherIsAnError) {
  ASSERT_TRUE(load());
  fake.files.put(place.folder + "/t.example-8443-repo/root.json", "{");
  place.root.clear();
  EXPECT_EQ(refused().code, Code::malformed);
}

TEST_F(TrustCacheDamage, OfflineSaysWhichFileWillNotDo) {
  const std::string start = "what is kept here of https://t.example:8443/Repo is ";
  for (const std::string file : {"root.json", "timestamp.json", "snapshot.json", "targets.json"}) {
    const std::string path = place.folder + "/t.example-8443-repo/" + file;
    ASSERT_TRUE(load());
    const std::string whole = kept(file);
    for (const std::string& text : {std::string(), std::string("{"), whole + "x"}) {
      fake.files.put(path, text);
      const Error error = refused(Reach::offline);
      EXPECT_EQ(error.code, Code::not_found) << file;
      EXPECT_EQ(error.text(), start + "damaged: " + file + " cannot be used, or does not fit the rest");
      EXPECT_EQ(error.hint, "it is fetched anew without --offline, or by cosign initialize");
    }
    ASSERT_TRUE(fake.files.remove(path));
    EXPECT_EQ(refused(Reach::offline).text(), start + "incomplete: " + file + " is missing");
  }
  EXPECT_EQ(opened, 4) << "once for each that was whole before";
}

TEST_F(TrustCacheDamage, OfflineSaysWhichTargetWillNotDo) {
  ASSERT_TRUE(load());
  const std::string path = place.folder + "/t.example-8443-repo/targets/trusted_root.json";
  for (const char* text : {"", "other", "longer than it was"}) {
    fake.files.put(path, text);
    const auto state = load(Reach::offline);
    EXPECT_EQ(content(state), "no target");
    EXPECT_EQ(state->lost, (std::map<std::string, Flaw>{{trusted_root, Flaw::damaged}}));
  }
  ASSERT_TRUE(fake.files.remove(path));
  EXPECT_EQ(load(Reach::offline)->lost, (std::map<std::string, Flaw>{{trusted_root, Flaw::missing}}));
}

TEST_F(TrustCacheDamage, ARemovedFileIsFetchedAgain) {
  for (const std::string file :
       {"root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/trusted_root.json"}) {
    ASSERT_TRUE(load());
    ASSERT_TRUE(fake.files.remove(place.folder + "/t.example-8443-repo/" + file));
    EXPECT_EQ(content(load()), "first") << file;
    EXPECT_FALSE(kept(file).empty());
  }
}

// --- being killed at any moment, and taking turns

TEST_F(TrustCacheDamage, WhoeverIsKilledLeavesTheOldOrTheNew) {
  ASSERT_TRUE(load());
  std::map<std::string, std::string> old;
  for (const auto& path : fake.files.paths()) old[path] = fake.files.get(path)->text;
  play.rotate("timestamp");
  play.root.version = 2;
  play.publish_root();
  change("second");
  int ends = 0, olds = 0, news = 0;
  for (bool done = false; !done; ++ends) {
    fakes::FakeEnv one;
    for (const auto& [path, text] : old) one.files.put(path, text);
    EndingFiles files(one.files);
    files.left = ends;
    Env env = one.env();
    env.files = &files;
    const auto killed = trust_cache::load(env, place, Reach::refresh, {trusted_root}, open());
    ASSERT_EQ(content(killed), "second") << "what is in memory is good";
    done = files.left > 0;
    unreachable = true;
    const auto offline = trust_cache::load(one.env(), place, Reach::offline, {trusted_root}, open());
    const auto fresh = trust_cache::load(one.env(), place, Reach::fresh, {trusted_root}, open());
    unreachable = false;
    ASSERT_EQ(content(fresh), content(offline)) << ends;
    ASSERT_EQ(fresh->trusted.at("root").version, content(fresh) == "first" ? 1U : 2U);
    ASSERT_TRUE(content(fresh) == "first" || content(fresh) == "second") << content(fresh);
    ++(content(fresh) == "first" ? olds : news);
    EXPECT_FALSE(one.files.exists(place.folder + "/UNFINISHED")) << "it was finished";
  }
  EXPECT_GE(olds, 2);
  EXPECT_GE(news, 8);
}

TEST_F(TrustCacheDamage, EachOperationMayFail) {
  ASSERT_TRUE(load());
  std::map<std::string, std::string> old;
  for (const auto& path : fake.files.paths()) old[path] = fake.files.get(path)->text;
  change("second");
  for (int n = 1, done = 0; done == 0; ++n) {
    fakes::FakeEnv one;
    for (const auto& [path, text] : old) one.files.put(path, text);
    const int before = one.files.operations();
    one.files.fail_at(n, n % 2 == 0 ? Code::disk_full : Code::io);
    const auto state = trust_cache::load(one.env(), place, Reach::refresh, {trusted_root}, open());
    if (state) {
      ASSERT_EQ(content(state), "second") << n;
    }
    ASSERT_FALSE(one.files.exists(place.folder + "/UNFINISHED")) << n;
    done = one.files.operations() - before < n;
    const auto after = trust_cache::load(one.env(), place, Reach::offline, {trusted_root}, open());
    ASSERT_TRUE(content(after) == "first" || content(after) == "second") << n << ": " << content(after);
  }
}

TEST_F(TrustCacheDamage, WhoWaitedSeesWhatTheOtherHasFetched) {
  ASSERT_TRUE(fake.files.make_directories(place.folder, 0700));
  for (const Reach reach : {Reach::fresh, Reach::refresh}) {
    auto held = std::move(*fake.files.lock(place.folder));
    opened = 0;
    fake.clock.on_sleep([&](Duration) {
      if (!held) return;
      held.reset();  // the other is done
      fake.clock.advance(1s);
      EXPECT_EQ(content(load(Reach::refresh)), "first");
      EXPECT_EQ(opened, 1);
    });
    const auto state = trust_cache::load(fake.env(), place, reach, {trusted_root}, open());
    EXPECT_EQ(content(state), "first");
    EXPECT_FALSE(state->asked);
    EXPECT_EQ(opened, 1);
    fake.clock.on_sleep({});
    for (const auto& path : fake.files.paths()) {
      ASSERT_TRUE(fake.files.remove(path));
    }
  }
}

TEST_F(TrustCacheDamage, NobodyWaitsForEver) {
  ASSERT_TRUE(fake.files.make_directories(place.folder, 0700));
  const auto held = fake.files.lock(place.folder);
  const Error error = refused();
  EXPECT_EQ(error.code, Code::timeout);
  EXPECT_EQ(error.message, "another process does not let go of /home/u/.sigstore/root");
  fake.clock.cancel();
  EXPECT_EQ(refused().code, Code::cancelled);
}

}  // namespace
}  // namespace sigstore::trust_cache
