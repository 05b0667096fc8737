#include "sigstore/trust_cache/internal/transaction.h"
#include "sigstore/trust_cache/testing/internal/played_cache.h"

namespace sigstore::trust_cache {
namespace {

using namespace std::chrono_literals;
using testing::EndingFiles;
using testing::trusted_root;
using TrustCacheInitialize = testing::PlayedCache;

TEST_F(TrustCacheInitialize, InitializeChoosesAMirrorAndStartsAnew) {
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

TEST_F(TrustCacheInitialize, AFailedInitializeChangesNothing) {
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

TEST_F(TrustCacheInitialize, AnInitializeThatCannotWriteFails) {
  EndingFiles files(fake.files);
  files.left = 0;
  Env env = fake.env();
  env.files = &files;
  EXPECT_EQ(trust_cache::initialize(env, place, {}, open()).error().code, Code::forbidden);
  place.folder.clear();
  EXPECT_EQ(initialize().error().code, Code::invalid_argument);
}

TEST_F(TrustCacheInitialize, AnInitializeThatBreaksOffInWritingIsTakenBack) {
  ASSERT_TRUE(initialize());
  const auto before = fake.files.paths();
  place.mirror = "https://other.example";
  fake.files.fail_path(place.folder + "/other.example/targets.json", Code::disk_full);
  EXPECT_EQ(initialize().error().code, Code::disk_full);
  EXPECT_EQ(fake.files.paths(), before) << "and nothing is left to be finished";
  place.mirror = "https://t.example:8443/Repo";
  EXPECT_EQ(content(load(Reach::offline)), "first");
  ASSERT_TRUE(initialize());
}

TEST_F(TrustCacheInitialize, InitializeSupersedesWhatCannotBeFinished) {
  ASSERT_TRUE(fake.files.make_directories(place.folder, 0700));
  fake.files.put(place.folder + "/UNFINISHED", write_redo({{"m/x", "new"}, {"remote.json", "other"}}));
  fake.files.fail_path(place.folder + "/m", Code::io);
  const auto state = initialize();
  EXPECT_EQ(content(state), "first");
  EXPECT_FALSE(fake.files.exists(place.folder + "/UNFINISHED"));
  EXPECT_EQ(fake.files.get(place.folder + "/remote.json")->text,
            R"({"mirror":"https://t.example:8443/Repo"})");
}

TEST_F(TrustCacheInitialize, OlderMetadataThanWasTrustedIsSaid) {
  const auto old = play.repository.files;
  change("second");
  ASSERT_TRUE(initialize());
  play.repository.files = old;
  const auto state = initialize();
  EXPECT_EQ(content(state), "first");
  const std::string of = ".json of https://t.example:8443/Repo is taken, and 2 was trusted here before";
  EXPECT_EQ(state->notices,
            (std::vector<std::string>{"version 1 of timestamp" + of, "version 1 of snapshot" + of,
                                      "version 1 of targets" + of}));
  EXPECT_TRUE(initialize()->notices.empty()) << "it is the same";
  change("third");
  ASSERT_TRUE(initialize());
  tuf::testing::Play other(fake.clock.now() + 100 * 24h);
  other.add_target("targets", trusted_root, "another");
  other.publish();
  place.root = other.file("1.root.json");
  play.repository.files = other.repository.files;
  EXPECT_TRUE(initialize()->notices.empty()) << "of another root";
}

TEST_F(TrustCacheInitialize, WhatIsNoMirrorHasNoFolder) {
  for (const char* mirror : {"", "https://", ".", "..", "http://.."}) {
    place.mirror = mirror;
    EXPECT_EQ(refused().code, Code::invalid_argument) << mirror;
    EXPECT_EQ(initialize().error().code, Code::invalid_argument) << mirror;
  }
}

TEST_F(TrustCacheInitialize, AMirrorOfTheNameOfOurFilesIsRefused) {
  for (const char* mirror : {"http://remote", "https://Remote", "https://remote.json", "https://unfinished",
                             "https://t.example:8443/Repo.json", "/mnt/m.START", "/mnt/m.start"}) {
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

TEST_F(TrustCacheInitialize, WhatWasCommittedIsReadBeforeItIsWritten) {
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

}  // namespace
}  // namespace sigstore::trust_cache
