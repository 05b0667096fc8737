// Every answer in place of every other, and what a refresh leaves behind: the last good state.
#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/testing/internal/client.h"

namespace sigstore::tuf {
namespace {

using testing::Names;

class HostileTest : public testing::ClientTest {
 protected:
  // The client knows one state, and the repository has the next one of everything.
  void SetUp() override {
    play.add_target("targets", "file", "content");
    start(true);
    ASSERT_EQ(refresh(), "ok");
    before = store.files;
    next_root();
    play.release("targets", true);
    good = play.repository.files;
  }
  // What comes of it when `file` is answered with `text`; the client begins as it was before.
  std::string instead(const std::string& file, std::string text) {
    store.files = before;
    play.repository.files = good;
    play.repository.files[file] = std::move(text);
    return refresh();
  }
  std::string without(const std::string& file) {
    store.files = before;
    play.repository.files = good;
    play.repository.files.erase(file);
    return refresh();
  }
  // As far as the roles before `file` are good, they are there; the rest is as it was.
  void expect_good_up_to(const std::string& file) {
    const Names order = {"2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"};
    const auto at = std::ranges::find(order, file) - order.begin();
    expect_stored(at > 0 ? 2 : 1, at > 1 ? 2 : 1, at > 2 ? 2 : 1, 1);
  }

  const Names files = {"2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"};
  std::map<std::string, std::string> before, good;
};

TEST_F(HostileTest, AnswersThatAreMixedUp) {
  const std::map<std::string, std::string> wanted = {{"2.root.json", "root"},
                                                     {"timestamp.json", "timestamp"},
                                                     {"2.snapshot.json", "snapshot"},
                                                     {"2.targets.json", "targets"}};
  // Where hashes are known, they tell first: here they are not.
  play.publish(false);
  good = play.repository.files;
  for (const auto& [file, type] : wanted) {
    for (const auto& [other, other_type] : wanted) {
      if (file == other) continue;
      EXPECT_EQ(instead(file, good[other]), "malformed: " + (file == "2.root.json" ? file : type + ".json") +
                                                " is not metadata of the type " + type + ": its type is " +
                                                other_type);
      expect_good_up_to(file);
    }
  }
}

TEST_F(HostileTest, FormerAnswers) {
  EXPECT_EQ(instead("2.root.json", good["1.root.json"]),
            "mismatch: 2.root.json is of another version than it has to be: version 1, and 2 is wanted");
  EXPECT_EQ(instead("timestamp.json", before["timestamp.json"]), "ok");
  expect_stored(2, 1, 1, 1);
  for (const char* role : {"snapshot", "targets"}) {
    const std::string file = "2." + std::string(role) + ".json";
    EXPECT_EQ(instead(file, before[std::string(role) + ".json"]).substr(0, 10), "mismatch: ") << role;
    expect_good_up_to(file);
  }
  // The same where no hashes are known.
  play.publish(false);
  good = play.repository.files;
  for (const char* role : {"snapshot", "targets"}) {
    const std::string file = "2." + std::string(role) + ".json";
    EXPECT_EQ(instead(file, before[std::string(role) + ".json"]),
              "mismatch: " + std::string(role) +
                  ".json is of another version than it has to be: version 1, and 2 is wanted");
    expect_good_up_to(file);
  }
}

TEST_F(HostileTest, AnswersThatAreMissing) {
  EXPECT_EQ(without("2.root.json"), "ok");
  expect_stored(1, 2, 2, 2);
  for (const auto& file : {"timestamp.json", "2.snapshot.json", "2.targets.json"}) {
    EXPECT_EQ(without(file), "not_found: " + std::string(file) + " is not there");
    expect_good_up_to(file);
  }
}

TEST_F(HostileTest, AnswersThatAreCutOffOrNoMetadataAtAll) {
  std::string deep(100000, '[');
  play.publish(false);
  good = play.repository.files;
  for (const auto& file : files) {
    const std::string& text = good[file];
    for (const std::string& wrong :
         {std::string(), std::string("null"), std::string("{}"), deep,
          std::string("{\"signed\":{},\"signatures\":[]}"), std::string("\0\0", 2),
          std::string("<html>not here</html>"), text + "{}", "\xEF\xBB\xBF" + text}) {
      const std::string outcome = instead(file, wrong);
      EXPECT_TRUE(outcome.starts_with("malformed: ") || outcome.starts_with("too_large: "))
          << file << ": " << outcome;
      expect_good_up_to(file);
    }
    for (std::size_t size = 0; size < text.size(); size += 37) {
      EXPECT_TRUE(instead(file, text.substr(0, size)).starts_with("malformed: ")) << file << ", " << size;
      expect_good_up_to(file);
    }
  }
}

// One byte of it changed anywhere: never is anything but the good state trusted. What stands outside of
// "signed" and its signatures may be otherwise.
TEST_F(HostileTest, AnswersWithAByteThatIsAnother) {
  play.publish(false);
  good = play.repository.files;
  for (const auto& file : files) {
    const std::string& text = good[file];
    for (std::size_t at = 0; at < text.size(); at += 3) {
      std::string wrong = text;
      wrong[at] = static_cast<char>(wrong[at] ^ 1);
      ASSERT_NE(instead(file, wrong), "ok") << file << ", " << at << ": " << wrong;
      expect_good_up_to(file);
    }
  }
}

TEST_F(HostileTest, AnswersThatAreTooLarge) {
  const std::map<std::string, std::size_t> bounds = {{"2.root.json", limits::tuf_root_bytes},
                                                     {"timestamp.json", limits::tuf_timestamp_bytes},
                                                     {"2.snapshot.json", limits::tuf_snapshot_bytes},
                                                     {"2.targets.json", limits::tuf_targets_bytes}};
  play.publish(false);
  good = play.repository.files;
  for (const auto& [file, bound] : bounds) {
    std::string text = good[file];
    text.append(bound - text.size(), ' ');
    EXPECT_EQ(instead(file, text), "ok") << file;
    EXPECT_EQ(instead(file, text + ' '), "too_large: " + file + " is too large");
    expect_good_up_to(file);
  }
  // Where a length is known, nobody sends more.
  play.publish(true);
  good = play.repository.files;
  for (const auto& file : {"2.snapshot.json", "2.targets.json"})
    EXPECT_EQ(instead(file, good[file] + ' '), "too_large: " + std::string(file) + " is too large");
}

// What is stored may be as hostile as what comes: nothing of it is believed that is not signed now.
TEST_F(HostileTest, WhatIsStoredIsDamaged) {
  for (const auto& [file, text] : before) {
    if (file == "root.json") continue;
    for (const std::string& wrong : {std::string(), std::string("{}"), text.substr(1), text + "{}",
                                     before["root.json"], std::string(9 << 20, 'x')}) {
      store.files = before;
      play.repository.files = good;
      store.files[file] = wrong;
      EXPECT_EQ(refresh(), "ok") << file;
      expect_stored(2, 2, 2, 2);
    }
  }
  for (const std::string& wrong : {std::string(), std::string("{}"), before["targets.json"]}) {
    store.files = before;
    store.files["root.json"] = wrong;
    EXPECT_TRUE(refresh().starts_with("malformed: root.json"));
    EXPECT_TRUE(play.repository.asked.empty());
  }
}

// Members, roles and kinds of keys that nobody knows yet are passed over, and are signed like the rest.
TEST_F(HostileTest, WhatIsNotKnownIsPassedOver) {
  play.root.keys["of a later time"] = {"post-quantum", "ml-dsa-65", "whatever"};
  play.root.targets.key_ids.push_back("of a later time");
  play.root.snapshot.key_ids.push_back("nobody's");
  ++play.root.version;
  std::string text = to_sign(play.root);
  text.insert(text.rfind('}'), R"(,"x-later":{"a":[1,null,true]})");
  std::vector<Signature> signatures;
  for (const auto& signer : play.signers["root"]) signatures.push_back(*sign(*signer, text));
  signatures.push_back({"of a later time", {1, 2, 3}});
  good["3.root.json"] = write(text, signatures);
  EXPECT_EQ(instead("unused", ""), "ok");
  expect_stored(3, 2, 2, 2);
  // Unknown as it is, it counts: without it the signature is another's.
  std::string other = good["3.root.json"];
  other.replace(other.find("x-later"), 7, "y-later");
  EXPECT_TRUE(instead("3.root.json", other).starts_with("bad_signature: 3.root.json"));
  expect_stored(2, 1, 1, 1);
}

// Each role, once in time and once too late, in the order in which they are asked.
TEST_F(HostileTest, EachRoleExpires) {
  play.snapshot.expires = play.targets["targets"].expires = play.timestamp.expires = now;
  play.publish(false);
  good = play.repository.files;
  const auto outcome = [this] { return instead("unused", ""); };
  EXPECT_TRUE(outcome().starts_with("timeout: timestamp.json has expired"));
  expect_stored(2, 1, 1, 1);
  play.timestamp.expires = expires;
  play.publish(false);
  good = play.repository.files;
  EXPECT_TRUE(outcome().starts_with("timeout: snapshot.json has expired"));
  expect_stored(2, 2, 1, 1);
  play.snapshot.expires = expires;
  play.publish(false);
  good = play.repository.files;
  EXPECT_TRUE(outcome().starts_with("timeout: targets.json has expired"));
  expect_stored(2, 2, 2, 1);
}

// 5.3.11 with what the snapshot says of targets: the one that recovers is the snapshot's key.
TEST_F(HostileTest, TargetsRecoverFromFastForwardToo) {
  store.files = before;
  play.targets["targets"].version = 99999;
  play.release("", true);
  EXPECT_EQ(refresh(), "ok");
  play.targets["targets"].version = 3;
  play.release("", true);
  EXPECT_EQ(refresh(),
            "mismatch: targets.json of snapshot.json is older than the one that was trusted before: its "
            "version is 3, and 99999 was seen");
  play.rotate("snapshot");
  next_root();
  play.release("", true);
  EXPECT_EQ(refresh(), "ok");
  EXPECT_EQ(stored("targets"), 3U);
}

// A key, all of whose ids are listed, is still one.
TEST_F(HostileTest, OneKeyUnderTwoIdsInARefresh) {
  play.root.timestamp.threshold = 2;
  const std::string id = play.root.timestamp.key_ids[0];
  play.root.keys["alias"] = play.root.keys[id];
  play.root.timestamp.key_ids.push_back("alias");
  ++play.root.version;
  play.publish_root();
  const std::string text = to_sign(play.timestamp);
  const Signature signature = *sign(*play.signers["timestamp"][0], text);
  good = play.repository.files;
  EXPECT_EQ(instead("timestamp.json", write(text, {signature, {"alias", signature.signature}})),
            "bad_signature: timestamp.json is not signed by enough of its keys: 1 of 2 signatures are good");
  EXPECT_EQ(instead("timestamp.json", write(text, {signature, signature})),
            "malformed: timestamp.json: signatures has two by one key id: " + id);
}

}  // namespace
}  // namespace sigstore::tuf
