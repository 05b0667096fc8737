#include "sigstore/trust_cache/cache.h"

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/tuf/testing/play.h"

namespace sigstore::trust_cache {
namespace {

using namespace std::chrono_literals;
using tuf::testing::MemoryRepository;
using tuf::testing::Play;

constexpr const char* trusted_root = "trusted_root.json";

class Lent final : public tuf::Repository {
 public:
  explicit Lent(tuf::Repository& lender) : lender_(lender) {}
  Result<std::string> metadata(const std::string& file, std::size_t max) override {
    return lender_.metadata(file, max);
  }
  Result<std::string> target(const std::string& path, std::uint64_t max) override {
    return lender_.target(path, max);
  }

 private:
  tuf::Repository& lender_;
};

struct TrustCache : ::testing::Test {
  TrustCache() : play(fake.clock.now() + 100 * 24h) {
    place.folder = "/home/u/.sigstore/root";
    place.mirror = "https://t.example:8443/Repo";
    play.add_target("targets", trusted_root, "first");
    play.publish();
    place.root = play.file("1.root.json");
  }
  OpenMirror open() {
    return [this](const std::string&) -> Result<std::unique_ptr<tuf::Repository>> {
      ++opened;
      if (unreachable) return fail(Code::unreachable, "nobody is there");
      return std::make_unique<Lent>(play.repository);
    };
  }
  Result<State> load(Reach reach = Reach::fresh, std::vector<std::string> names = {trusted_root}) {
    play.repository.asked.clear();
    return trust_cache::load(fake.env(), place, reach, names, open());
  }
  Result<State> initialize() { return trust_cache::initialize(fake.env(), place, {trusted_root}, open()); }
  Error refused(Reach reach = Reach::fresh) {
    const auto state = load(reach);
    EXPECT_FALSE(state);
    return state ? Error{} : state.error();
  }
  // The content of the one target, or what went wrong.
  static std::string content(const Result<State>& state) {
    if (!state) return state.error().text();
    return state->targets.size() == 1 ? state->targets[0].content : "no target";
  }
  void change(const std::string& text) {
    play.add_target("targets", trusted_root, text);
    play.release("targets");
  }
  std::string kept(const std::string& file) {
    const auto entry = fake.files.get(place.folder + "/t.example-8443-repo/" + file);
    return entry ? entry->text : "";
  }
  std::size_t requests() const { return play.repository.asked.size(); }

  fakes::FakeEnv fake;
  Play play;
  Place place;
  bool unreachable = false;
  int opened = 0;
};

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
  EXPECT_EQ(load(Reach::offline)->notices.size(), 4U) << "each role has expired";
  EXPECT_EQ(load(Reach::offline)->notices[0],
            "the root metadata of https://t.example:8443/Repo expired at 2026-04-11T00:00:00Z");
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
            (std::vector<std::string>{
                "the root metadata of https://t.example:8443/Repo expires at 2026-04-11T00:00:00Z",
                "the targets metadata of https://t.example:8443/Repo expires at 2026-04-11T00:00:00Z"}));
  place.mirror = "/mnt/mirror";
  EXPECT_EQ(load(Reach::refresh)->notices.size(), 4U) << "nobody refreshes a folder by itself";
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
  EXPECT_EQ(state->notices,
            std::vector<std::string>{"third.json of https://t.example:8443/Repo is not kept here"});
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

// --- places that cannot be written, and damage

TEST_F(TrustCache, WithoutAFolderAllIsInMemory) {
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

// Passes on to files in memory until so many changes were made; from then on no more are.
class EndingFiles final : public Files {
 public:
  explicit EndingFiles(fakes::MemoryFiles& files) : files_(files) {}
  int left = 1 << 30;  // changes

  Result<std::string> read(const std::string& path, std::size_t max) override {
    return files_.read(path, max);
  }
  Result<std::unique_ptr<FileReader>> open(const std::string& path) override { return files_.open(path); }
  bool exists(const std::string& path) override { return files_.exists(path); }
  bool is_directory(const std::string& path) override { return files_.is_directory(path); }
  Result<std::vector<std::string>> list(const std::string& path) override { return files_.list(path); }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override { return files_.lock(path); }
  Result<void> make_directories(const std::string& path, unsigned mode) override {
    TRY_OK(step());
    return files_.make_directories(path, mode);
  }
  Result<void> remove(const std::string& path) override {
    TRY_OK(step());
    return files_.remove(path);
  }
  Result<std::unique_ptr<AtomicFile>> create(const std::string& path, unsigned mode) override {
    TRY_OK(step());
    TRY(auto file, files_.create(path, mode));
    return std::make_unique<Ending>(*this, std::move(file));
  }

 private:
  struct Ending final : AtomicFile {
    Ending(EndingFiles& files, std::unique_ptr<AtomicFile> file) : all(files), real(std::move(file)) {}
    Result<void> write(BytesView chunk) override { return real->write(chunk); }
    Result<void> commit() override {
      TRY_OK(all.step());
      return real->commit();
    }
    Result<void> commit_new() override { return fail(Code::internal, "not used"); }
    EndingFiles& all;
    std::unique_ptr<AtomicFile> real;
  };
  Result<void> step() {
    if (left-- > 0) return {};
    return fail(Code::forbidden, "cannot write", "read-only file system");
  }
  fakes::MemoryFiles& files_;
};

TEST_F(TrustCache, AFolderThatCannotBeWrittenIsReadAndRefreshedInMemory) {
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

TEST_F(TrustCache, DamageIsRepairedAndSaidSo) {
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

TEST_F(TrustCache, ADamagedRootWithoutAnotherIsAnError) {
  ASSERT_TRUE(load());
  fake.files.put(place.folder + "/t.example-8443-repo/root.json", "{");
  place.root.clear();
  EXPECT_EQ(refused().code, Code::malformed);
}

TEST_F(TrustCache, ARemovedFileIsFetchedAgain) {
  for (const std::string file :
       {"root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/trusted_root.json"}) {
    ASSERT_TRUE(load());
    ASSERT_TRUE(fake.files.remove(place.folder + "/t.example-8443-repo/" + file));
    EXPECT_EQ(content(load()), "first") << file;
    EXPECT_FALSE(kept(file).empty());
  }
}

// --- being killed at any moment, and taking turns

TEST_F(TrustCache, WhoeverIsKilledLeavesTheOldOrTheNew) {
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

TEST_F(TrustCache, EachOperationMayFail) {
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
    done = one.files.operations() - before < n;
    const auto after = trust_cache::load(one.env(), place, Reach::offline, {trusted_root}, open());
    ASSERT_TRUE(content(after) == "first" || content(after) == "second") << n << ": " << content(after);
  }
}

TEST_F(TrustCache, WhoWaitedSeesWhatTheOtherHasFetched) {
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

TEST_F(TrustCache, NobodyWaitsForEver) {
  ASSERT_TRUE(fake.files.make_directories(place.folder, 0700));
  const auto held = fake.files.lock(place.folder);
  const Error error = refused();
  EXPECT_EQ(error.code, Code::timeout);
  EXPECT_EQ(error.message, "another process does not let go of /home/u/.sigstore/root");
  fake.clock.cancel();
  EXPECT_EQ(refused().code, Code::cancelled);
}

// --- initialize

TEST_F(TrustCache, InitializeChoosesAMirrorAndStartsAnew) {
  fake.files.put(place.folder + "/other/root.json", "kept");
  fake.files.put(place.folder + "/t.example-8443-repo/root.json", "old");
  fake.files.put(place.folder + "/t.example-8443-repo/stale.json", "old");
  fake.files.put(place.folder + "/t.example-8443-repo/targets/stale", "old");
  const auto state = initialize();
  EXPECT_EQ(content(state), "first");
  EXPECT_EQ(fake.files.get(place.folder + "/remote.json")->text,
            R"({"mirror":"https://t.example:8443/Repo"})");
  EXPECT_EQ(kept("root.json"), place.root);
  EXPECT_EQ(kept("stale.json"), "");
  EXPECT_EQ(kept("targets/stale"), "");
  EXPECT_EQ(fake.files.get(place.folder + "/other/root.json")->text, "kept") << "of another mirror";
  EXPECT_EQ(content(load()), "first");
  EXPECT_EQ(requests(), 0U);
}

TEST_F(TrustCache, AFailedInitializeChangesNothing) {
  ASSERT_TRUE(initialize());
  const auto before = fake.files.paths();
  place.mirror = "https://other.example";
  unreachable = true;
  EXPECT_EQ(initialize().error().code, Code::unreachable);
  unreachable = false;
  place.root = "{}";
  EXPECT_EQ(initialize().error().code, Code::malformed);
  place.root.clear();
  EXPECT_EQ(initialize().error().code, Code::not_found);
  EXPECT_EQ(fake.files.paths(), before);
  EXPECT_EQ(fake.files.get(place.folder + "/remote.json")->text,
            R"({"mirror":"https://t.example:8443/Repo"})");
}

TEST_F(TrustCache, AnInitializeThatCannotWriteFails) {
  EndingFiles files(fake.files);
  files.left = 0;
  Env env = fake.env();
  env.files = &files;
  EXPECT_EQ(trust_cache::initialize(env, place, {}, open()).error().code, Code::forbidden);
  place.folder.clear();
  EXPECT_EQ(initialize().error().code, Code::invalid_argument);
}

TEST_F(TrustCache, WhatIsNoMirrorHasNoFolder) {
  for (const char* mirror : {"", "https://", ".", "..", "http://.."}) {
    place.mirror = mirror;
    EXPECT_EQ(refused().code, Code::invalid_argument) << mirror;
    EXPECT_EQ(initialize().error().code, Code::invalid_argument) << mirror;
  }
}

TEST_F(TrustCache, AMirrorOfTheNameOfOurFilesIsRefused) {
  for (const char* mirror : {"http://remote", "https://Remote", "https://remote.json", "https://unfinished",
                             "https://t.example:8443/Repo.json", "/mnt/m.START"}) {
    place.mirror = mirror;
    EXPECT_EQ(refused().code, Code::invalid_argument) << mirror;
    const auto begun = initialize();
    ASSERT_FALSE(begun) << mirror;
    EXPECT_EQ(begun.error().code, Code::invalid_argument) << mirror;
    EXPECT_FALSE(begun.error().hint.empty());
  }
  EXPECT_TRUE(fake.files.paths().empty());
  EXPECT_EQ(requests(), 0U);
  for (const char* mirror : {"https://remote:443", "https://remote/", "/mnt/remote", "/remote.tar"}) {
    place.mirror = mirror;
    EXPECT_TRUE(initialize()) << mirror;
  }
}

TEST_F(TrustCache, WhatWasCommittedIsReadBeforeItIsWritten) {
  ASSERT_TRUE(initialize());
  EndingFiles files(fake.files);
  files.left = 1;  // the log
  Env env = fake.env();
  env.files = &files;
  place.mirror = "https://other.example";
  EXPECT_EQ(trust_cache::initialize(env, place, {trusted_root}, open()).error().code, Code::forbidden);
  ASSERT_FALSE(fake.files.exists(place.folder + "/UNFINISHED"));
  files.left = 2;
  EXPECT_FALSE(trust_cache::initialize(env, place, {trusted_root}, open()));
  ASSERT_TRUE(fake.files.exists(place.folder + "/UNFINISHED"));
  const auto read = [&](const char* file, std::size_t max = 1 << 20) {
    return read_committed(fake.files, place.folder, file, max);
  };
  EXPECT_EQ(read("remote.json"), R"({"mirror":"https://other.example"})");
  EXPECT_EQ(read("remote.json", 8).error().code, Code::too_large);
  EXPECT_EQ(read("other.example/root.json"), place.root);
  EXPECT_EQ(read("t.example-8443-repo/root.json"), place.root);
  EXPECT_EQ(read("none").error().code, Code::not_found);
  fake.files.put(place.folder + "/UNFINISHED", "{");
  EXPECT_EQ(read("remote.json"), R"({"mirror":"https://t.example:8443/Repo"})") << "it was never committed";
}

TEST(TrustCacheFolder, IsNamedAsRealCosignNamesIt) {
  EXPECT_EQ(folder_name("https://tuf-repo-cdn.sigstore.dev"), "tuf-repo-cdn.sigstore.dev");
  EXPECT_EQ(folder_name("http://Localhost:8080/A/b/"), "localhost-8080-a-b-");
  EXPECT_EQ(folder_name("https://http://x"), "x");
  EXPECT_EQ(folder_name("/mnt/mirror.tar"), "-mnt-mirror.tar");
}

}  // namespace
}  // namespace sigstore::trust_cache
