// The root: its chain, and what its keys end (5.2, 5.3).
#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/testing/internal/client.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::tuf {
namespace {

using testing::Names;

class RootUpdateTest : public testing::ClientTest {};

constexpr std::string_view expired =
    " has expired: it was good until 2026-11-29T08:00:00Z, and it is 2026-11-29T08:00:00Z";

TEST_F(RootUpdateTest, NothingBeginsWithoutARoot) {
  start();
  store.files.clear();
  EXPECT_EQ(refresh(), "not_found: root.json is not stored");
  store.files["root.json"] = play.file("timestamp.json");
  EXPECT_EQ(refresh(), "malformed: root.json is not metadata of the type root: its type is timestamp");
  EXPECT_TRUE(play.repository.asked.empty());
}

TEST_F(RootUpdateTest, TheFirstRootIsSignedByItself) {
  start();
  play.signers["root"] = {testing::new_key()};
  play.publish_root();
  store.files["root.json"] = play.file("root.json");
  EXPECT_EQ(refresh(),
            "bad_signature: root.json is not signed by enough of its keys: 0 of 1 signatures are good");
}

TEST_F(RootUpdateTest, EveryRootUpToTheLastIsTaken) {
  start();
  for (int i = 0; i < 3; ++i) {
    play.rotate("root");
    next_root();
    play.signers["root"].erase(play.signers["root"].begin());
  }
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(store.written, (Names{"root.json", "root.json", "root.json", "timestamp.json", "snapshot.json",
                                  "targets.json"}));
  EXPECT_EQ(store.files["root.json"], play.file("4.root.json"));
}

TEST_F(RootUpdateTest, ARootIsSignedByTheKeysOfTheOneBefore) {
  start();
  const auto old = play.signers["root"];
  play.signers["root"].clear();
  play.rotate("root");
  next_root();
  EXPECT_EQ(refresh(),
            "bad_signature: 2.root.json is not signed by enough of its keys: 0 of 1 signatures are good");
  // And by its own.
  play.signers["root"] = old;
  play.publish_root();
  EXPECT_EQ(refresh(),
            "bad_signature: 2.root.json is not signed by enough of its keys: 0 of 1 signatures are good");
  EXPECT_EQ(stored("root"), 1U);
  EXPECT_EQ(play.repository.asked, Names{"2.root.json"});
}

TEST_F(RootUpdateTest, ThresholdsOfBothRootsCount) {
  play.rotate("root", 3, 2);
  start();
  play.signers["root"].pop_back();
  next_root();
  EXPECT_EQ(refresh(), "ok");
  play.signers["root"].pop_back();
  next_root();
  EXPECT_EQ(refresh().substr(0, 27), "bad_signature: 3.root.json ");
  EXPECT_EQ(stored("root"), 2U);
}

TEST_F(RootUpdateTest, ARootIsExactlyTheNext) {
  start();
  for (const std::uint64_t version : {1U, 3U}) {
    play.root.version = version;
    play.publish_root();
    play.repository.files["2.root.json"] = play.file("root.json");
    EXPECT_EQ(refresh(), "mismatch: 2.root.json is of another version than it has to be: version " +
                             std::to_string(version) + ", and 2 is wanted");
    EXPECT_EQ(stored("root"), 1U);
  }
}

TEST_F(RootUpdateTest, OnlyTheLastRootMustNotHaveExpired) {
  play.root.expires = now;
  start();
  EXPECT_EQ(refresh(), "timeout: root.json" + std::string(expired));
  EXPECT_EQ(play.repository.asked, Names{"2.root.json"});
  next_root();
  play.root.expires = expires;
  next_root();
  EXPECT_EQ(refresh(), "ok");
  play.root.expires = now;
  next_root();
  EXPECT_EQ(refresh(), "timeout: root.json" + std::string(expired));
  EXPECT_EQ(stored("root"), 4U);
}

TEST_F(RootUpdateTest, RotationsOfOneRefreshAreBounded) {
  start();
  for (std::size_t i = 0; i < limits::tuf_rotations + 2; ++i) next_root();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(stored("root"), limits::tuf_rotations + 1);
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(stored("root"), limits::tuf_rotations + 3);
}

TEST_F(RootUpdateTest, ARootThatCannotBeFetchedEndsTheUpdate) {
  start();
  play.repository.failures["2.root.json"] = {Code::unavailable, "HTTP 500", "", ""};
  EXPECT_EQ(refresh(), "unavailable: HTTP 500");
  EXPECT_EQ(play.repository.asked.size(), 1U);
}

// 5.3.11
TEST_F(RootUpdateTest, RotatedKeysOfTimestampRecoverFromFastForward) {
  start();
  play.timestamp.version = 99999;
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
  play.timestamp.version = 2;
  play.publish_timestamp();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
  play.rotate("timestamp");
  next_root();
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
  expect_stored(2, 2, 1, 1);
}

// Of two keys one goes; what is stored is still signed by the other.
TEST_F(RootUpdateTest, AKeyThatLeavesIsARotation) {
  const auto first = play.signers["snapshot"];
  const Role role = play.root.snapshot;
  play.rotate("snapshot");
  play.signers["snapshot"].insert(play.signers["snapshot"].begin(), first.begin(), first.end());
  play.root.snapshot.key_ids.push_back(role.key_ids[0]);
  start();
  play.snapshot.version = 99999;
  play.publish();
  EXPECT_EQ(refresh(), "ok");
  play.root.snapshot.key_ids.pop_back();
  play.signers["snapshot"].erase(play.signers["snapshot"].begin());
  next_root();
  play.snapshot.version = 2;
  play.timestamp.version = 2;
  play.publish();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(stored("snapshot"), 2U);
}

// Who joins takes nothing back: what was seen stays seen, also when the update fails.
TEST_F(RootUpdateTest, AKeyThatIsAddedIsNoRotation) {
  start();
  play.snapshot.version = 99999;
  play.publish();
  EXPECT_EQ(refresh(), "ok");
  expect_stored(1, 1, 99999, 1);
  const auto old = play.signers["snapshot"];
  const Role role = play.root.snapshot;
  play.rotate("snapshot");
  play.signers["snapshot"].insert(play.signers["snapshot"].begin(), old.begin(), old.end());
  play.root.snapshot.key_ids.push_back(role.key_ids[0]);
  next_root();
  play.snapshot.version = 2;
  play.timestamp.version = 2;
  play.publish();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
  expect_stored(2, 1, 99999, 1);
}

TEST_F(RootUpdateTest, AnotherRootAloneIsNoRotation) {
  start();
  play.release();
  EXPECT_EQ(refresh(), "ok");
  play.rotate("targets");
  next_root();
  play.timestamp.version = 1;
  play.publish_timestamp();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
}

// What the new keys have not signed is no longer believed, in no later update either; but it stays as it is.
TEST_F(RootUpdateTest, WhatIsNoLongerSignedIsForgotten) {
  start();
  play.snapshot.version = play.timestamp.version = 99999;
  play.publish();
  EXPECT_EQ(refresh(), "ok");
  play.rotate("timestamp");
  next_root();
  const std::string broken = std::to_string(play.root.version + 1) + ".root.json";
  play.repository.files[broken] = "{}";
  EXPECT_EQ(refresh().substr(0, 10), "malformed:");
  expect_stored(2, 99999, 99999, 1);
  play.repository.files.erase(broken);
  play.snapshot.version = 99999;
  play.timestamp.version = 2;
  play.publish();
  EXPECT_EQ(refresh(), "ok");
  expect_stored(2, 2, 99999, 1);
  // From now on nothing is rolled back again.
  play.timestamp.version = 1;
  play.publish_timestamp();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
}

// A stored snapshot that was tampered with says nothing about the timestamp.
TEST_F(RootUpdateTest, ADamagedSnapshotDoesNotLetTheTimestampGoBack) {
  start();
  play.timestamp.version = 5;
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
  auto& text = store.files["snapshot.json"];
  text.replace(text.find("\"version\""), 9, "\"versiom\"");
  play.timestamp.version = 4;
  play.publish_timestamp();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
}

// A threshold that nobody reaches: the root is the next one, and what was there before stays to be seen.
TEST_F(RootUpdateTest, RolesThatCannotBeSignedAnyMoreStayAsTheyWere) {
  for (const char* role : {"timestamp", "snapshot", "targets"}) {
    SCOPED_TRACE(role);
    play = testing::Play(expires);
    store.files.clear();
    start();
    EXPECT_EQ(refresh(), "ok");
    (role == std::string("timestamp")  ? play.root.timestamp
     : role == std::string("snapshot") ? play.root.snapshot
                                       : play.root.targets)
        .threshold = 2;
    next_root();
    play.release("targets");
    EXPECT_EQ(refresh().substr(0, 14), "bad_signature:");
    EXPECT_EQ(stored("root"), 2U);
    EXPECT_EQ(stored("targets"), 1U);
    EXPECT_EQ(stored("snapshot"), role == std::string("targets") ? 2U : 1U);
    EXPECT_EQ(stored("timestamp"), role == std::string("timestamp") ? 1U : 2U);
  }
}

// The stored snapshot, signed by keys that go on, is what the new timestamp names: nobody need be asked.
TEST_F(RootUpdateTest, ASnapshotThatGoesOnIsNotFetchedAgain) {
  start();
  EXPECT_EQ(refresh(), "ok");
  play.rotate("timestamp");
  next_root();
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(play.repository.asked, (Names{"2.root.json", "3.root.json", "timestamp.json"}));
  EXPECT_EQ(store.written, (Names{"root.json", "timestamp.json"}));
}

}  // namespace
}  // namespace sigstore::tuf
