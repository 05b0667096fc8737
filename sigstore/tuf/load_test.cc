// What is stored alone, without a question to anybody.
#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/testing/internal/client.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::tuf {
namespace {

using testing::Names;

class LoadTest : public testing::ClientTest {};

TEST_F(LoadTest, WhatIsStoredWholeAndFreshIsLoadedWithoutAQuestion) {
  play.add_target("targets", "file", "content");
  start(true);
  Updater updater(play.repository, store, now);
  EXPECT_EQ(updater.load(), false);
  EXPECT_EQ(refresh(), "ok");
  play.repository.asked.clear();
  EXPECT_EQ(updater.load(), true);
  EXPECT_EQ(updater.targets().targets.size(), 1U);
  EXPECT_EQ(updater.trusted().at("snapshot").version, 1U);
  EXPECT_EQ((*updater.find("file"))->length, 7U);
  EXPECT_TRUE(play.repository.asked.empty());
}

TEST_F(LoadTest, WhatHasExpiredIsLoadedOnlyWhenItCounts) {
  for (int role = 0; role < 4; ++role) {
    play = testing::Play(expires);
    const std::vector<Common*> bodies = {&play.root, &play.timestamp, &play.snapshot,
                                         &play.targets["targets"]};
    bodies[static_cast<std::size_t>(role)]->expires = now + std::chrono::seconds(1);
    store.files.clear();
    start();
    ASSERT_EQ(refresh(), "ok");
    Updater before(play.repository, store, now);
    EXPECT_EQ(before.load(), true);
    Updater after(play.repository, store, now + std::chrono::seconds(1));
    EXPECT_EQ(after.load(), false);
    EXPECT_EQ(after.load(true), true);
  }
}

TEST_F(LoadTest, WhatIsMixedUpIsNotLoaded) {
  start();
  refresh();
  const auto good = store.files;
  for (const auto& [file, text] : good) {
    for (const auto& [other, swapped] : good) {
      store.files = good;
      store.files[file] = swapped;
      Updater updater(play.repository, store, now);
      EXPECT_EQ(updater.load(), file == other) << file << other;
    }
    store.files.erase(file);
    Updater updater(play.repository, store, now);
    EXPECT_EQ(updater.load(true), false) << file;
  }
  store.files = good;
  store.files["snapshot.json"] = [&] {
    play.release();
    return play.file("snapshot.json");
  }();
  Updater updater(play.repository, store, now);
  EXPECT_EQ(updater.load(), false);
}

TEST_F(LoadTest, AStoreThatCannotBeReadIsNotLoaded) {
  start();
  refresh();
  for (const char* file : {"root.json", "timestamp.json", "snapshot.json", "targets.json"}) {
    store.failures = {{file, {Code::io, "cannot read", "", ""}}};
    Updater updater(play.repository, store, now);
    const auto loaded = updater.load();
    ASSERT_FALSE(loaded) << file;
    EXPECT_EQ(loaded.error().code, Code::io);
  }
}

}  // namespace
}  // namespace sigstore::tuf
