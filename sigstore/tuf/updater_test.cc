// The top level: root, timestamp, snapshot, targets (5.3 to 5.6).
#include "sigstore/tuf/updater.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/testing/internal/client.h"

namespace sigstore::tuf {
namespace {

using testing::Names;

class UpdaterTest : public testing::ClientTest {};

constexpr std::string_view expired =
    " has expired: it was good until 2026-11-29T08:00:00Z, and it is 2026-11-29T08:00:00Z";

TEST_F(UpdaterTest, TheFirstRefreshFetchesAndStoresAllAsItCame) {
  start();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(play.repository.asked,
            (Names{"2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"}));
  EXPECT_EQ(store.written, (Names{"timestamp.json", "snapshot.json", "targets.json"}));
  for (const char* file : {"root.json", "timestamp.json", "snapshot.json", "targets.json"})
    EXPECT_EQ(store.files[file], play.file(file));
}

TEST_F(UpdaterTest, WithNothingNewTwoRequestsAreMade) {
  start();
  refresh();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(play.repository.asked, (Names{"2.root.json", "timestamp.json"}));
  EXPECT_TRUE(store.written.empty());
}

TEST_F(UpdaterTest, OnlyWhatChangedIsFetched) {
  start();
  refresh();
  ++play.timestamp.version;
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(store.written, Names{"timestamp.json"});
  play.release();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(store.written, (Names{"timestamp.json", "snapshot.json"}));
  play.release("targets");
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(store.written, (Names{"timestamp.json", "snapshot.json", "targets.json"}));
}

TEST_F(UpdaterTest, WithoutConsistentSnapshotsNamesHaveNoVersions) {
  play.root.consistent_snapshot = false;
  play.add_target("targets", "dir/file", "content");
  start();
  EXPECT_EQ(download("dir/file"), "content");
  EXPECT_EQ(play.repository.asked,
            (Names{"2.root.json", "timestamp.json", "snapshot.json", "targets.json", "targets/dir/file"}));
}

// --- 5.4

TEST_F(UpdaterTest, ATimestampIsSigned) {
  start();
  play.signers["timestamp"] = {testing::new_key()};
  play.publish_timestamp();
  EXPECT_EQ(refresh(),
            "bad_signature: timestamp.json is not signed by enough of its keys: 0 of 1 signatures are good");
  expect_stored(1, 0, 0, 0);
}

TEST_F(UpdaterTest, ATimestampIsNotRolledBack) {
  start();
  play.release();
  refresh();
  play.timestamp.version = 1;
  play.publish_timestamp();
  EXPECT_EQ(refresh(),
            "mismatch: timestamp.json is older than the one that was trusted before: its version is 1, and 2 "
            "was seen");
  expect_stored(1, 2, 2, 1);
}

TEST_F(UpdaterTest, ATimestampOfTheSameVersionIsNothingNew) {
  start();
  refresh();
  const std::string before = store.files["timestamp.json"];
  play.timestamp.snapshot.version = 5;
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(play.repository.asked, (Names{"2.root.json", "timestamp.json"}));
  EXPECT_EQ(store.files["timestamp.json"], before);
  // But signed it must be.
  play.signers["timestamp"] = {testing::new_key()};
  play.publish_timestamp();
  EXPECT_EQ(refresh().substr(0, 14), "bad_signature:");
}

TEST_F(UpdaterTest, TheSnapshotOfATimestampIsNotRolledBack) {
  start();
  play.release();
  refresh();
  ++play.timestamp.version;
  play.timestamp.snapshot.version = 1;
  play.publish_timestamp();
  EXPECT_EQ(
      refresh(),
      "mismatch: snapshot.json of timestamp.json is older than the one that was trusted before: its version "
      "is 1, and 2 was seen");
  expect_stored(1, 2, 2, 1);
}

TEST_F(UpdaterTest, ATimestampHasNotExpired) {
  start();
  refresh();
  ++play.timestamp.version;
  play.timestamp.expires = now;
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "timeout: timestamp.json" + std::string(expired));
  expect_stored(1, 1, 1, 1);
}

TEST_F(UpdaterTest, AnOldTimestampThatExpiredStillSaysWhatWasSeen) {
  play.timestamp.expires = now + std::chrono::seconds(1);
  start();
  play.release();
  refresh();
  now += std::chrono::seconds(1);
  EXPECT_EQ(refresh().substr(0, 8), "timeout:");
  play.timestamp.version = 1;
  play.timestamp.expires = expires;
  play.publish_timestamp();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
  play.timestamp.version = 3;
  play.publish_timestamp();
  EXPECT_EQ(refresh(), "ok");
}

TEST_F(UpdaterTest, WhatIsStoredAndCannotBeBelievedIsFetchedAgain) {
  start();
  refresh();
  for (const char* file : {"timestamp.json", "snapshot.json", "targets.json"}) {
    for (const std::string& bad : {std::string("{"), play.file("root.json"), std::string(1 << 20, ' ')}) {
      store.files[file] = bad;
      EXPECT_EQ(refresh(), "ok") << file;
      EXPECT_EQ(store.written, Names{file});
      EXPECT_EQ(store.files[file], play.file(file));
    }
  }
}

TEST_F(UpdaterTest, AStoreThatCannotBeReadIsAnError) {
  start();
  store.failures["snapshot.json"] = {Code::io, "cannot read snapshot.json", "", ""};
  EXPECT_EQ(refresh(), "io: cannot read snapshot.json");
}

TEST_F(UpdaterTest, SizesAreBounded) {
  start();
  play.repository.files["timestamp.json"] += std::string(limits::tuf_timestamp_bytes, ' ');
  EXPECT_EQ(refresh().substr(0, 10), "too_large:");
  play.repository.files["2.root.json"] = std::string(limits::tuf_root_bytes + 1, ' ');
  EXPECT_EQ(refresh().substr(0, 10), "too_large:");
  EXPECT_EQ(play.repository.asked, Names{"2.root.json"});
}

// --- 5.5

TEST_F(UpdaterTest, ASnapshotIsSigned) {
  start();
  play.signers["snapshot"] = {testing::new_key()};
  play.publish_snapshot();
  EXPECT_EQ(refresh().substr(0, 29), "bad_signature: snapshot.json ");
  expect_stored(1, 1, 0, 0);
}

TEST_F(UpdaterTest, ASnapshotIsTheOneOfTheTimestamp) {
  start();
  play.snapshot.version = 2;
  play.publish_snapshot();
  play.repository.files["1.snapshot.json"] = play.file("2.snapshot.json");
  EXPECT_EQ(refresh(),
            "mismatch: snapshot.json is of another version than it has to be: version 2, and 1 is wanted");
  expect_stored(1, 1, 0, 0);
}

TEST_F(UpdaterTest, ASnapshotHasItsHashAndLength) {
  start(true);
  EXPECT_EQ(refresh(), "ok");
  play.release("", true);
  const std::string good = play.file("2.snapshot.json");
  auto& served = play.repository.files["2.snapshot.json"];
  served = good + " ";
  EXPECT_EQ(refresh(), "too_large: 2.snapshot.json is too large");
  served = good.substr(0, good.size() - 1);
  EXPECT_EQ(refresh().substr(0, 65), "mismatch: snapshot.json has another length than its metadata says");
  served = good;
  served[served.find("signatures")] = 'S';
  EXPECT_EQ(refresh().substr(0, 52), "mismatch: snapshot.json is not what its metadata say");
  expect_stored(1, 2, 1, 1);
  served = good;
  EXPECT_EQ(refresh(), "ok");
}

TEST_F(UpdaterTest, ASnapshotOfTheSameVersionHasItsHashToo) {
  start();
  refresh();
  play.snapshot.expires += std::chrono::hours(1);
  ++play.timestamp.version;
  play.publish(true);
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(store.written, (Names{"timestamp.json", "snapshot.json"}));
}

TEST_F(UpdaterTest, EveryHashMustMatch) {
  start(true);
  const Hashes good = play.timestamp.snapshot.hashes;
  const auto with = [&](const Hashes& hashes) {
    play.timestamp.snapshot.hashes = hashes;
    play.publish_timestamp();
    store.files = {{"root.json", play.file("root.json")}};
    return refresh();
  };
  EXPECT_EQ(with({{"sha256", good.at("sha256")}}), "ok");
  EXPECT_EQ(with({{"sha256", good.at("sha256")}, {"sha512", "00"}}).substr(0, 9), "mismatch:");
  EXPECT_EQ(with({{"sha256", "00"}, {"sha512", good.at("sha512")}}).substr(0, 9), "mismatch:");
  for (const Hashes& unknown :
       {Hashes{{"of-tomorrow", "00"}}, Hashes{{"sha256", good.at("sha256")}, {"of-tomorrow", "00"}}})
    EXPECT_EQ(
        with(unknown),
        "unsupported: snapshot.json cannot be checked: sha256, sha384 and sha512 are known here, and its "
        "metadata has a hash by of-tomorrow");
}

TEST_F(UpdaterTest, NothingOfASnapshotIsRolledBack) {
  start();
  play.release("targets");
  refresh();
  ++play.snapshot.version;
  ++play.timestamp.version;
  play.targets["targets"].version = 1;
  play.publish();
  EXPECT_EQ(
      refresh(),
      "mismatch: targets.json of snapshot.json is older than the one that was trusted before: its version "
      "is 1, and 2 was seen");
  expect_stored(1, 3, 2, 2);
}

TEST_F(UpdaterTest, NothingOfASnapshotGoesAway) {
  play.snapshot.meta["role\x1b.json"] = {};
  start();
  refresh();
  play.snapshot.meta.erase("role\x1b.json");
  play.release();
  EXPECT_EQ(refresh(),
            "mismatch: snapshot.json no longer names role\\x1b.json: the one that was trusted before does");
  expect_stored(1, 2, 1, 1);
}

// Its hash in the timestamp is that of the new one: that is no reason to forget it.
TEST_F(UpdaterTest, AnOldSnapshotOfAnotherHashStillSaysWhatWasSeen) {
  start(true);
  play.release("targets", true);
  refresh();
  ++play.snapshot.version;
  ++play.timestamp.version;
  play.targets["targets"].version = 1;
  play.publish(true);
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
}

TEST_F(UpdaterTest, AnOldSnapshotThatExpiredStillSaysWhatWasSeen) {
  play.snapshot.expires = now + std::chrono::seconds(1);
  start();
  play.release("targets");
  EXPECT_EQ(refresh(), "ok");
  now += std::chrono::seconds(1);
  EXPECT_EQ(refresh().substr(0, 22), "timeout: snapshot.json");
  play.snapshot.expires = expires;
  ++play.snapshot.version;
  ++play.timestamp.version;
  play.targets["targets"].version = 1;
  play.publish();
  EXPECT_EQ(refresh().substr(0, 9), "mismatch:");
  play.targets["targets"].version = 2;
  play.publish();
  EXPECT_EQ(refresh(), "ok");
}

TEST_F(UpdaterTest, ASnapshotHasNotExpired) {
  play.snapshot.expires = now;
  start();
  EXPECT_EQ(refresh(), "timeout: snapshot.json" + std::string(expired));
  expect_stored(1, 1, 0, 0);
}

// --- 5.6

TEST_F(UpdaterTest, TargetsAreSigned) {
  start();
  play.signers["targets"] = {testing::new_key()};
  play.publish_targets("targets");
  EXPECT_EQ(refresh().substr(0, 28), "bad_signature: targets.json ");
  expect_stored(1, 1, 1, 0);
}

TEST_F(UpdaterTest, TargetsAreThoseOfTheSnapshot) {
  start();
  play.targets["targets"].version = 2;
  play.publish_targets("targets");
  play.repository.files["1.targets.json"] = play.file("2.targets.json");
  EXPECT_EQ(refresh(),
            "mismatch: targets.json is of another version than it has to be: version 2, and 1 is wanted");
  play.snapshot.meta.erase("targets.json");
  play.publish_snapshot();
  EXPECT_EQ(refresh(),
            "mismatch: targets.json is of another version than it has to be: version 2, and 1 is wanted");
  store.files = {{"root.json", play.file("root.json")}};
  EXPECT_EQ(refresh(), "mismatch: snapshot.json does not name targets.json");
}

TEST_F(UpdaterTest, TargetsHaveTheirHashAndLength) {
  start(true);
  auto& served = play.repository.files["1.targets.json"];
  served[served.find("signatures")] = 'S';
  EXPECT_EQ(refresh().substr(0, 51), "mismatch: targets.json is not what its metadata say");
  expect_stored(1, 1, 1, 0);
}

TEST_F(UpdaterTest, TargetsHaveNotExpired) {
  play.targets["targets"].expires = now;
  start();
  EXPECT_EQ(refresh(), "timeout: targets.json" + std::string(expired));
  expect_stored(1, 1, 1, 0);
}

TEST_F(UpdaterTest, RotatedKeysSignWhatFollows) {
  start();
  refresh();
  for (const char* role : {"timestamp", "snapshot", "targets"}) play.rotate(role, 3, 2);
  next_root();
  EXPECT_EQ(refresh().substr(0, 14), "bad_signature:");
  play.release("targets");
  EXPECT_EQ(refresh(), "ok");
  expect_stored(2, 2, 2, 2);
}

// --- one key in several roles, of each kind

TEST_F(UpdaterTest, OneKeyMaySignForAllRoles) {
  for (const auto type : {crypto::KeyType::ecdsa_p256, crypto::KeyType::rsa}) {
    testing::Play other(expires);
    const auto key = testing::new_key(type);
    const Key described = *describe_key(key->public_key());
    other.root.keys = {{"any name", described}, {key_id(described), described}};
    const Role role{{key_id(described)}, 1};
    other.root.root = other.root.timestamp = other.root.snapshot = other.root.targets = role;
    for (auto& [name, signers] : other.signers) signers = {key};
    play = std::move(other);
    store.files.clear();
    start();
    EXPECT_EQ(refresh(), "ok");
  }
}

}  // namespace
}  // namespace sigstore::tuf
