#include "sigstore/trust_cache/mirror.h"

#include <gtest/gtest.h>

#include "sigstore/tuf/testing/play.h"

namespace sigstore::trust_cache {
namespace {

using tuf::Delegation;
using tuf::testing::Play;
using namespace std::chrono_literals;

const Time now = Time(std::chrono::seconds(1780000000));

// A repository with two targets, a delegated role with one, and three roots.
class MirrorTest : public ::testing::Test {
 protected:
  Play play_{now + 24h};
  std::string first_;

  MirrorTest() {
    play_.add_target("targets", "trusted_root.json", "{}");
    play_.add_target("targets", "deep/keys.json", "[]");
    Delegation delegation;
    delegation.name = "a/b";
    delegation.paths = {{"x/*"}};
    play_.delegate("targets", delegation);
    play_.add_target("a/b", "x/y", "y");
    play_.publish();
    first_ = play_.file("1.root.json");
    for (int i = 0; i < 2; ++i) {
      play_.rotate("root");
      ++play_.root.version;
      play_.publish_root();
    }
  }
  Result<Mirror> copy(const std::string& root) { return copy_repository(play_.repository, root, now); }
  Code refusal(const std::string& root) {
    const auto done = copy(root);
    return done ? Code::internal : done.error().code;
  }
};

TEST_F(MirrorTest, HasTargetsUnderEachNameThatClientsMayAskFor) {
  const auto& target = play_.targets.at("targets").targets.at("deep/keys.json");
  const auto name = [&](const std::string& hash) {
    return "targets/deep/" + target.hashes.at(hash) + ".keys.json";
  };
  const auto mirror = copy(first_);
  ASSERT_TRUE(mirror) << mirror.error().text();
  EXPECT_EQ(mirror->files.at(name("sha256")), "[]");
  EXPECT_EQ(mirror->also.at(name("sha512")), name("sha256"));
  EXPECT_EQ(mirror->also.size(), 3U);
}

TEST_F(MirrorTest, TakesATargetByAnyOfItsHashes) {
  const auto& target = play_.targets.at("targets").targets.at("trusted_root.json");
  const std::string sha256 = "targets/" + target.hashes.at("sha256") + ".trusted_root.json";
  const std::string sha512 = "targets/" + target.hashes.at("sha512") + ".trusted_root.json";
  play_.repository.files[sha512] = "{}";
  play_.repository.files.erase(sha256);
  const auto mirror = copy(first_);
  ASSERT_TRUE(mirror) << mirror.error().text();
  EXPECT_EQ(mirror->files.at(sha256), "{}");
  play_.repository.files[sha512] = "[]";
  EXPECT_EQ(refusal(first_), Code::mismatch);
  play_.repository.files.erase(sha512);
  EXPECT_EQ(refusal(first_), Code::not_found);
}

TEST_F(MirrorTest, HasEveryFileThatAClientAsksFor) {
  const auto mirror = copy(first_);
  ASSERT_TRUE(mirror) << mirror.error().text();
  for (const char* name : {"1.root.json", "2.root.json", "3.root.json", "timestamp.json", "1.snapshot.json",
                           "1.targets.json", "1.a%2Fb.json"}) {
    const auto found = mirror->files.find(name);
    ASSERT_NE(found, mirror->files.end()) << name;
    EXPECT_EQ(found->second, play_.file(name)) << name;
  }
  EXPECT_EQ(mirror->files.size(), 7U + 3U);
  EXPECT_EQ(mirror->targets, 3U);
  EXPECT_EQ(mirror->trusted.size(), 5U);
  EXPECT_EQ(mirror->trusted.at("root").version, 3U);
  EXPECT_EQ(mirror->trusted.at("a/b").version, 1U);
}

TEST_F(MirrorTest, ServesWhoeverBeginsWithAnOlderRoot) {
  const auto mirror = copy(play_.file("3.root.json"));
  ASSERT_TRUE(mirror) << mirror.error().text();
  for (const char* name : {"1.root.json", "2.root.json", "3.root.json"})
    EXPECT_TRUE(mirror->files.contains(name));
}

TEST_F(MirrorTest, ARootThatIsMissingEndsTheHistory) {
  const std::string newest = play_.file("3.root.json");
  play_.repository.files.erase("2.root.json");
  const auto mirror = copy(newest);
  ASSERT_TRUE(mirror) << mirror.error().text();
  EXPECT_FALSE(mirror->files.contains("1.root.json"));
}

TEST_F(MirrorTest, AHistoryOfOthersIsRefused) {
  Play other(now + 24h);
  other.publish();
  play_.repository.files["2.root.json"] = other.file("1.root.json");
  EXPECT_EQ(refusal(play_.file("3.root.json")), Code::mismatch) << "it says that it is version 1";
  ++other.root.version;
  other.publish_root();
  play_.repository.files["2.root.json"] = other.file("2.root.json");
  EXPECT_EQ(refusal(play_.file("3.root.json")), Code::bad_signature);
}

TEST_F(MirrorTest, AnOlderRootThatIsNotSignedByItselfIsRefused) {
  const std::string newest = play_.file("3.root.json");
  // It names the keys that did sign the root after it, and is the server's own for the rest.
  play_.root.version = 2;
  play_.signers["root"] = {tuf::testing::new_key()};
  play_.publish_root();
  const auto done = copy(newest);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::bad_signature);
  EXPECT_EQ(done.error().text().find("does not lead"), std::string::npos) << done.error().text();
}

TEST_F(MirrorTest, WhatDoesNotVerifyIsRefused) {
  for (const char* name :
       {"2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json", "1.a%2Fb.json"}) {
    const std::string content = play_.file(name);
    play_.repository.files[name] = "{}";
    EXPECT_EQ(refusal(first_), Code::malformed) << name;
    play_.repository.files[name] = content;
  }
  ASSERT_TRUE(copy(first_));
}

TEST_F(MirrorTest, ATargetThatIsAnotherIsRefused) {
  int refused = 0;
  for (const auto& [name, content] : std::map(play_.repository.files)) {
    if (!name.starts_with("targets/")) continue;
    play_.repository.files[name] = std::string(content.size(), 'z');
    if (const auto done = copy(first_); !done) {
      EXPECT_EQ(done.error().code, Code::mismatch) << name;
      ++refused;
    }
    play_.repository.files[name] = content;
  }
  EXPECT_EQ(refused, 3) << "by the names with a hash, which are asked for";
}

TEST_F(MirrorTest, ARoleOfAnotherKeyIsRefused) {
  play_.signers["a/b"] = {tuf::testing::new_key()};
  play_.publish_targets("a/b");
  EXPECT_EQ(refusal(first_), Code::bad_signature);
}

TEST_F(MirrorTest, ARoleThatExpiredIsRefused) {
  play_.targets["a/b"].expires = now;
  play_.publish_targets("a/b");
  EXPECT_EQ(refusal(first_), Code::timeout);
}

}  // namespace
}  // namespace sigstore::trust_cache
