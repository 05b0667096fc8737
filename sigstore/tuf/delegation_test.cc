#include "sigstore/tuf/internal/delegation.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/testing/internal/client.h"

namespace sigstore::tuf {
namespace {

using internal::delegates_of;
using internal::path_matches;
using testing::Names;

// --- patterns

TEST(PathPattern, MatchesPartByPart) {
  const std::vector<std::pair<const char*, const char*>> matching = {
      {"targets/foo.tgz", "targets/*.tgz"},
      {"foo-version-2.tgz", "foo-version-?.tgz"},
      {"foo.tgz", "*.tgz"},
      {"foo.tgz", "foo.tgz"},
      {"a/b/c", "*/*/*"},
      {"a//c", "a/*/c"},
      {"", "*"},
      {"", ""},
      {"x", "[a-z]"},
      {"x", "[!a-w]"},
      {"]", "[]]"},
      {"a", "[!]]"},
      {"-", "[a-]"},
      {"-", "[-a]"},
      {"[a", "[a"},
      {"[]", "[]"},
      {"a*b", "a[*]b"},
      {".hidden", "*"},
      {"aXbXc", "a*b*c"},
      {"abcbc", "a*bc"},
      {"\xC3\xA9", "?"},
      {"\xC3\xA9", "[\xC3\xA8-\xC3\xAA]"},
      {"/a", "/*"},
      {"\xF0\x9F\x98\x80x", "?x"},
      {"!", "[a!]"},
      {"line\nbreak", "line*"},
      {"a\\b", "a\\?"}};
  for (const auto& [path, pattern] : matching)
    EXPECT_TRUE(path_matches(path, pattern)) << path << " " << pattern;
  const std::vector<std::pair<const char*, const char*>> others = {
      {"targets/foo.txt", "targets/*.tgz"},
      {"foo-version-alpha.tgz", "foo-version-?.tgz"},
      {"targets/foo.tgz", "*.tgz"},
      {"a/b/c", "a/*"},
      {"a/b", "a/b/*"},
      {"a", "a/*"},
      {"a/", "a"},
      {"", "?"},
      {"", "[a]"},
      {"b", "[b-a]"},
      {"x", "[!a-z]"},
      {"A", "[a-z]"},
      {"a/b", "a[/]b"},
      {"a/b", "a?b"},
      {"ab", "*?a"},
      {"abcbd", "a*bc"},
      {"/a", "a"},
      {"[", "[]"},
      {"foo", "fo"},
      {"fo", "foo"}};
  for (const auto& [path, pattern] : others)
    EXPECT_FALSE(path_matches(path, pattern)) << path << " " << pattern;
}

TEST(PathPattern, HostilePatternsTakeNoTime) {
  const std::string path(300, 'a');
  std::string stars;
  for (int i = 0; i < 100000; ++i) stars += "a*";
  EXPECT_FALSE(path_matches(path, stars + "b"));
  EXPECT_TRUE(path_matches(path, std::string(100000, '*')));
}

// --- who is asked

Delegation for_paths(std::string name, std::vector<std::string> paths, bool terminating = false) {
  return {std::move(name), {{}, 1}, terminating, std::move(paths), {}};
}

Names names(const std::vector<internal::Delegate>& delegates) {
  Names out;
  for (const auto& delegate : delegates) out.push_back(delegate.name + (delegate.terminating ? "!" : ""));
  return out;
}

TEST(Delegates, AreInTheirOrderUpToATerminatingOne) {
  Delegations delegations;
  delegations.roles = std::vector<Delegation>{for_paths("a", {"x/*", "y/*"}), for_paths("b", {"z/*"}, true),
                                              for_paths("c", {"*/*"}),        for_paths("d", {"y/*"}, true),
                                              for_paths("e", {"*/*"}),        for_paths("f", {})};
  EXPECT_EQ(names(delegates_of(delegations, "x/1")), (Names{"a", "c", "e"}));
  EXPECT_EQ(names(delegates_of(delegations, "y/1")), (Names{"a", "c", "d!"}));
  EXPECT_EQ(names(delegates_of(delegations, "z/1")), (Names{"b!"}));
  EXPECT_EQ(names(delegates_of(delegations, "z")), Names{});
}

// SHA-256 of "file" begins with 3b9c358f.
TEST(Delegates, ByTheHashOfThePath) {
  const auto with = [](std::vector<std::string> prefixes) {
    Delegations delegations;
    delegations.roles = std::vector<Delegation>{{"a", {{}, 1}, false, {}, std::move(prefixes)}};
    return delegates_of(delegations, "file").size();
  };
  EXPECT_EQ(with({"3b9"}), 1U);
  EXPECT_EQ(with({"0", "3"}), 1U);
  EXPECT_EQ(with({""}), 1U);
  EXPECT_EQ(with({}), 0U);
  EXPECT_EQ(with({"3c", "b9"}), 0U);
  EXPECT_EQ(with({"3B"}), 0U);  // hashes are lower case
}

// As python-tuf's SuccinctRoles.get_role_for_target() names them.
TEST(Delegates, ByTheBinOfTheHash) {
  for (const auto& [bits, name] : std::map<std::uint32_t, std::string>{{1, "bin-0!"},
                                                                       {3, "bin-1!"},
                                                                       {4, "bin-3!"},
                                                                       {5, "bin-07!"},
                                                                       {8, "bin-3b!"},
                                                                       {10, "bin-0ee!"},
                                                                       {16, "bin-3b9c!"},
                                                                       {32, "bin-3b9c358f!"}}) {
    Delegations delegations;
    delegations.roles = SuccinctRoles{{{"k"}, 1}, bits, "bin"};
    EXPECT_EQ(names(delegates_of(delegations, "file")), Names{name}) << bits;
  }
}

// --- the walk

class WalkTest : public testing::ClientTest {
 protected:
  // The metadata that a search for a target that nobody has asks for, beyond the top level.
  Names visited() {
    store.files = {{"root.json", play.file("root.json")}};
    found = download("nowhere/at all");
    Names out(play.repository.asked.begin() + 4, play.repository.asked.end());
    return out;
  }
  void delegate(const std::string& by, const std::string& name, bool terminating = false,
                const std::string& paths = "*/*") {
    play.delegate(by, for_paths(name, {paths}, terminating));
  }
  std::string found;
};

TEST_F(WalkTest, GoesIntoTheDepthFirst) {
  delegate("targets", "a");
  delegate("targets", "b");
  delegate("a", "c");
  delegate("a", "d");
  delegate("c", "e");
  start();
  EXPECT_EQ(visited(), (Names{"1.a.json", "1.c.json", "1.e.json", "1.d.json", "1.b.json"}));
  EXPECT_EQ(found, "none");
}

TEST_F(WalkTest, EndsBehindATerminatingDelegation) {
  delegate("targets", "a");
  delegate("targets", "b");
  delegate("a", "c");
  delegate("a", "d", true);
  delegate("a", "e");
  delegate("d", "f");
  start();
  EXPECT_EQ(visited(), (Names{"1.a.json", "1.c.json", "1.d.json", "1.f.json"}));
}

TEST_F(WalkTest, ATerminatingDelegationOfOtherPathsEndsNothing) {
  delegate("targets", "a", true, "other/*");
  delegate("targets", "b");
  start();
  EXPECT_EQ(visited(), Names{"1.b.json"});
}

TEST_F(WalkTest, VisitsNobodyTwice) {
  delegate("targets", "a");
  delegate("targets", "b");
  delegate("a", "c");
  delegate("b", "c");
  delegate("c", "a");
  delegate("c", "c");
  start();
  EXPECT_EQ(visited(), (Names{"1.a.json", "1.c.json", "1.b.json"}));
  EXPECT_EQ(found, "none");
}

TEST_F(WalkTest, VisitsABoundedNumber) {
  std::string by = "targets";
  for (std::size_t i = 0; i < limits::tuf_delegations + 5; ++i) {
    const std::string name = "r" + std::to_string(i);
    delegate(by, name);
    by = name;
  }
  start();
  EXPECT_EQ(visited().size(), limits::tuf_delegations);
  EXPECT_EQ(found, "none");
}

TEST_F(WalkTest, TheFirstThatHasItIsBelieved) {
  delegate("targets", "a", false, "dir/*");
  delegate("targets", "b", false, "dir/*");
  play.add_target("a", "dir/both", "of a");
  play.add_target("b", "dir/both", "of b");
  play.add_target("b", "dir/b", "only b");
  play.add_target("b", "else/b", "not delegated");
  start();
  EXPECT_EQ(download("dir/both"), "of a");
  EXPECT_EQ(download("dir/b"), "only b");
  EXPECT_EQ(download("else/b"), "none");
  play.add_target("targets", "dir/both", "of the top");
  play.release("targets");
  EXPECT_EQ(download("dir/both"), "of the top");
}

TEST_F(WalkTest, APathIsDelegatedAllTheWay) {
  delegate("targets", "a", false, "a/*");
  delegate("a", "b", false, "*/*");
  play.add_target("b", "a/file", "in");
  play.add_target("b", "b/file", "out");
  start();
  EXPECT_EQ(download("a/file"), "in");
  EXPECT_EQ(download("b/file"), "none");
}

TEST_F(WalkTest, DelegatedMetadataIsStoredAndNotFetchedAgain) {
  delegate("targets", "a");
  play.add_target("a", "x/y", "content");
  start(true);
  EXPECT_EQ(download("x/y"), "content");
  EXPECT_EQ(store.files["a.json"], play.file("1.a.json"));
  EXPECT_EQ(download("x/y"), "content");
  EXPECT_EQ(play.repository.asked.size(), 3U);  // root, timestamp, the target
  EXPECT_TRUE(store.written.empty());
  play.release("a", true);
  EXPECT_EQ(download("x/y"), "content");
  EXPECT_EQ(store.written, (Names{"timestamp.json", "snapshot.json", "a.json"}));
}

TEST_F(WalkTest, DelegatedMetadataIsCheckedLikeAnyOther) {
  delegate("targets", "a");
  play.add_target("a", "x/y", "content");
  start(true);
  const auto good = play.file("1.a.json");
  auto& served = play.repository.files["1.a.json"];
  served = good + " ";
  EXPECT_EQ(download("x/y"), "too_large: 1.a.json is too large");
  served = good.substr(1);
  EXPECT_EQ(download("x/y").substr(0, 39), "mismatch: a.json has another length tha");
  served = good;
  served[2] = 'S';
  EXPECT_EQ(download("x/y").substr(0, 39), "mismatch: a.json is not what its metada");
  play.repository.files.erase("1.a.json");
  EXPECT_EQ(download("x/y"), "not_found: 1.a.json is not there");
  EXPECT_FALSE(store.files.contains("a.json"));
}

TEST_F(WalkTest, DelegatedMetadataIsSignedOfItsVersionAndFresh) {
  delegate("targets", "a");
  start();
  play.targets["a"].version = 2;
  play.publish_targets("a");
  play.repository.files["1.a.json"] = play.file("2.a.json");
  EXPECT_EQ(download("x/y"),
            "mismatch: a.json is of another version than it has to be: version 2, and 1 is wanted");
  play.targets["a"].version = 1;
  play.targets["a"].expires = now;
  play.publish_targets("a");
  EXPECT_EQ(download("x/y").substr(0, 28), "timeout: a.json has expired:");
  play.signers["a"] = {testing::new_key()};
  play.publish_targets("a");
  EXPECT_EQ(download("x/y"),
            "bad_signature: a.json is not signed by enough of its keys: 0 of 1 signatures are good");
  EXPECT_FALSE(store.files.contains("a.json"));
}

TEST_F(WalkTest, ARoleThatTheSnapshotDoesNotNameIsAnError) {
  delegate("targets", "a");
  start();
  play.snapshot.meta.erase("a.json");
  play.publish_snapshot();
  EXPECT_EQ(download("x/y"), "mismatch: snapshot.json does not name a.json");
}

TEST_F(WalkTest, ThresholdsOfDelegationsCount) {
  delegate("targets", "a");
  auto& role = std::get<std::vector<Delegation>>(play.targets["targets"].delegations->roles)[0].role;
  role.threshold = 2;
  start();
  EXPECT_EQ(download("x/y"),
            "bad_signature: a.json is not signed by enough of its keys: 1 of 2 signatures are good");
}

// What is stored was trusted for one delegator. Another has other keys.
TEST_F(WalkTest, ARoleIsTrustedUnderItsDelegator) {
  delegate("targets", "a", false, "a/*");
  delegate("targets", "b", false, "b/*");
  delegate("a", "c");
  delegate("b", "c");
  play.add_target("c", "a/file", "for a");
  play.add_target("c", "b/file", "for b");
  play.signers["c"].pop_back();  // the key that b names
  start();
  EXPECT_EQ(download("a/file"), "for a");
  const std::string error =
      "bad_signature: c.json is not signed by enough of its keys: 0 of 1 signatures are good";
  EXPECT_EQ(download("b/file"), error);
  // In one session too.
  Updater updater(play.repository, store, now);
  ASSERT_TRUE(updater.refresh());
  EXPECT_TRUE(updater.find("a/file"));
  EXPECT_EQ(outcome(updater.find("b/file")), error);
  EXPECT_TRUE(updater.find("a/file"));
  // And when one search comes to it twice.
  EXPECT_EQ(outcome(updater.find("a/none")), "ok");
  delegate("targets", "b2", false, "a/*");
  delegate("b2", "c");
  play.signers["c"].pop_back();
  play.release("targets");
  EXPECT_EQ(download("a/file"), "for a");
  EXPECT_EQ(download("a/none"), error);
}

TEST_F(WalkTest, OtherBytesMayBeTrustedUnderTheOtherDelegator) {
  delegate("targets", "a", false, "a/*");
  delegate("targets", "b", false, "b/*");
  delegate("a", "c");
  delegate("b", "c");
  play.add_target("c", "a/file", "for a");
  play.add_target("c", "b/file", "for b");
  const auto key_of_b = play.signers["c"].back();
  play.signers["c"].pop_back();
  start();
  EXPECT_EQ(download("a/file"), "for a");
  play.signers["c"] = {key_of_b};
  play.publish_targets("c");
  EXPECT_EQ(download("b/file"), "for b");
  EXPECT_EQ(store.written, (Names{"b.json", "c.json"}));
}

TEST_F(WalkTest, KeysOfADelegationThatChangedAreAskedAnew) {
  delegate("targets", "a");
  play.add_target("a", "x/y", "content");
  start();
  EXPECT_EQ(download("x/y"), "content");
  auto& delegations = *play.targets["targets"].delegations;
  const Key key = *describe_key(testing::new_key()->public_key());
  delegations.keys[key_id(key)] = key;
  std::get<std::vector<Delegation>>(delegations.roles)[0].role.key_ids = {key_id(key)};
  play.release("targets");
  EXPECT_EQ(download("x/y").substr(0, 14), "bad_signature:");
}

TEST_F(WalkTest, NamesOfRolesNeverLeadElsewhere) {
  const std::map<std::string, std::string> files = {
      {"?", "%3F.json"},
      {"#", "%23.json"},
      {"/delegatedrole", "%2Fdelegatedrole.json"},
      {"../delegatedrole", "..%2Fdelegatedrole.json"},
      {"..", "...json"},
      {".", "..json"},
      {"a.b", "a.b.json"},
      {"100%", "100%25.json"},
      {"%2e%2e", "%252e%252e.json"},
      {"a b", "a%20b.json"},
      {"~_-.", "~_-..json"},
      {"\\", "%5C.json"},
      {"\xC3\xA9", "%C3%A9.json"},
      {"a\nb", "a%0Ab.json"},
      {"+&=:;@,!$'()*", "%2B%26%3D%3A%3B%40%2C%21%24%27%28%29%2A.json"}};
  for (const auto& [role, file] : files) {
    EXPECT_EQ(metadata_file(role), file);
    play = testing::Play(expires);
    delegate("targets", role);
    play.add_target(role, "x/y", "content");
    store.files.clear();
    start();
    EXPECT_EQ(download("x/y"), "content") << role;
    EXPECT_EQ(play.repository.asked[4], "1." + file);
    EXPECT_TRUE(store.files.contains(file)) << role;
  }
}

TEST_F(WalkTest, HashBinsThatAreNotListed) {
  auto& top = play.targets["targets"];
  const auto key = testing::new_key();
  const Key described = *describe_key(key->public_key());
  top.delegations =
      Delegations{{{key_id(described), described}}, SuccinctRoles{{{key_id(described)}, 1}, 10, "bin"}};
  play.targets["bin-0ee"].expires = expires;
  play.signers["bin-0ee"] = {key};
  play.add_target("bin-0ee", "file", "content");
  start();
  EXPECT_EQ(download("file"), "content");
  EXPECT_EQ(download("another"), "mismatch: snapshot.json does not name bin-2b9.json");
}

TEST_F(WalkTest, AfterLoadNobodyIsAsked) {
  delegate("targets", "a");
  play.add_target("a", "x/y", "content");
  start();
  refresh();
  play.repository.asked.clear();
  Updater updater(play.repository, store, now);
  EXPECT_EQ(updater.load(), true);
  EXPECT_EQ(outcome(updater.find("x/y")), "not_found: the metadata of the role a is not here");
  store.files["a.json"] = play.file("targets.json");
  EXPECT_EQ(outcome(updater.find("x/y")).substr(0, 14), "bad_signature:");
  store.files["a.json"] = play.file("a.json");
  EXPECT_EQ((*updater.find("x/y"))->length, 7U);
  EXPECT_TRUE(play.repository.asked.empty());
}

// --- targets

TEST_F(WalkTest, TargetsStandUnderTheirHash) {
  const TargetFile target{4, {{"sha256", "aa"}, {"sha512", "bb"}}, ""};
  EXPECT_EQ(target_file("file", target, true), "aa.file");
  EXPECT_EQ(target_file("dir/sub/file", target, true), "dir/sub/aa.file");
  EXPECT_EQ(target_file("dir/sub/file", target, false), "dir/sub/file");
  EXPECT_EQ(target_file("dir/", target, true), "dir/aa.");
  EXPECT_EQ(target_file("f", {4, {{"md5", "cc"}, {"sha512", "bb"}}, ""}, true), "cc.f");
}

TEST_F(WalkTest, ATargetMayStandUnderAnyOfItsHashes) {
  const TargetFile target = play.add_target("targets", "dir/file", "content");
  start();
  play.repository.files.erase("targets/dir/file");
  const std::string sha256 = "targets/dir/" + target.hashes.at("sha256") + ".file",
                    sha512 = "targets/dir/" + target.hashes.at("sha512") + ".file";
  EXPECT_EQ(download("dir/file"), "content");
  play.repository.files.erase(sha256);
  play.repository.files[sha512] = "content";
  EXPECT_EQ(download("dir/file"), "content");
  EXPECT_EQ(play.repository.asked.back(), sha512);
  play.repository.files.erase(sha512);
  EXPECT_EQ(download("dir/file").substr(0, 10), "not_found:");
  EXPECT_EQ(Names(play.repository.asked.end() - 2, play.repository.asked.end()), (Names{sha256, sha512}));
}

TEST_F(WalkTest, ATargetIsWhatItsMetadataSays) {
  const TargetFile target = play.add_target("targets", "file", "content");
  play.add_target("targets", "empty", "");
  start();
  EXPECT_EQ(download("empty"), "");
  const std::string name = "targets/" + target_file("file", target, true);
  play.repository.files[name] = "contenT";
  EXPECT_EQ(download("file").substr(0, 59), "mismatch: file is not what its metadata says: its sha256 ha");
  play.repository.files[name] = "conten";
  EXPECT_EQ(download("file"), "mismatch: file has another length than its metadata says: 6 bytes, and not 7");
  play.repository.files[name] = "content!";
  EXPECT_EQ(download("file").substr(0, 10), "too_large:");
}

TEST_F(WalkTest, AllHashesCount) {
  TargetFile target = play.add_target("targets", "file", "content");
  EXPECT_TRUE(check_target(target, "content", "file"));
  target.hashes["of-tomorrow"] = "00";
  EXPECT_EQ(check_target(target, "content", "file").error().code, Code::unsupported);
  target.hashes.erase("of-tomorrow");
  target.hashes["sha512"] = "00";
  EXPECT_EQ(check_target(target, "content", "file").error().code, Code::mismatch);
  target.hashes = {};
  EXPECT_EQ(check_target(target, "content", "file").error(),
            (Error{Code::unsupported, "file cannot be checked", "it has no hash", ""}));
}

TEST_F(WalkTest, TargetsThatAreTooLargeAreNotAskedFor) {
  TargetFile& target = play.add_target("targets", "file", "content");
  target.length = limits::tuf_target_bytes + 1;
  start();
  EXPECT_EQ(download("file"),
            "too_large: the target file is too large: 67108865 bytes, and at most 67108864 are taken");
  EXPECT_EQ(play.repository.asked.size(), 4U);
}

}  // namespace
}  // namespace sigstore::tuf
