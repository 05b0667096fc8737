#include "sigstore/tuf/metadata.h"

#include <gtest/gtest.h>

#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::tuf {
namespace {

namespace json = codec::json;

Time at(std::string_view text) {
  return *codec::rfc3339::parse(text);
}

Common common() {
  return {"1.0.31", 3, at("2030-01-02T03:04:05Z")};
}

Root some_root() {
  Root root;
  static_cast<Common&>(root) = common();
  root.keys = {{"k1", {"ed25519", "ed25519", "aa"}}, {"k2", {"ecdsa", "ecdsa-sha2-nistp256", "-----\n"}}};
  root.root = {{"k1", "k2"}, 2};
  root.timestamp = root.snapshot = {{"k1"}, 1};
  root.targets = {{"k2"}, 1};
  return root;
}

Targets some_targets() {
  Targets targets;
  static_cast<Common&>(targets) = common();
  targets.targets["dir/file"] = {4, {{"sha256", "00ff"}, {"sha512", "abcd"}}, R"({"z":1,"a":[{"b":null}]})"};
  targets.targets["empty"] = {0, {{"sha256", "e3"}}, ""};
  targets.delegations = Delegations{{{"k1", {"ed25519", "ed25519", "aa"}}},
                                    std::vector<Delegation>{{"one", {{"k1"}, 1}, false, {{"a/*", "b"}}, {}},
                                                            {"two", {{"k1"}, 1}, true, {}, {{"0", "f3"}}}}};
  return targets;
}

template <class Body>
std::string document(const Body& body) {
  return write(to_sign(body), {{"k1", {1, 2, 0xFF}}, {"k2", {}}});
}

TEST(Metadata, WhatIsWrittenIsReadAgain) {
  const Root root = some_root();
  const auto read_root = parse_root(document(root), "root.json");
  ASSERT_TRUE(read_root) << read_root.error().text();
  EXPECT_EQ(read_root->body, root);
  EXPECT_EQ(read_root->signed_bytes, to_sign(root));
  EXPECT_EQ(read_root->signatures, (std::vector<Signature>{{"k1", {1, 2, 0xFF}}, {"k2", {}}}));

  Timestamp timestamp{common(), {7, 100, {{"sha256", "00"}}}};
  EXPECT_EQ(parse_timestamp(document(timestamp), "t")->body, timestamp);
  timestamp.snapshot = {7, std::nullopt, {}};
  EXPECT_EQ(parse_timestamp(document(timestamp), "t")->body, timestamp);

  Snapshot snapshot{common(), {{"targets.json", {1, 0, {}}}, {"a/../b?.json", {2, std::nullopt, {}}}}};
  EXPECT_EQ(parse_snapshot(document(snapshot), "s")->body, snapshot);

  Targets targets = some_targets();
  auto read_targets = parse_targets(document(targets), "targets.json");
  ASSERT_TRUE(read_targets) << read_targets.error().text();
  EXPECT_EQ(read_targets->signed_bytes, to_sign(targets));
  EXPECT_EQ(read_targets->body.targets["dir/file"].custom, R"({"a":[{"b":null}],"z":1})");
  read_targets->body.targets["dir/file"].custom = targets.targets["dir/file"].custom;
  EXPECT_EQ(read_targets->body, targets);

  targets.delegations->roles = SuccinctRoles{{{"k1"}, 1}, 32, "bin"};
  targets.targets.clear();
  EXPECT_EQ(parse_targets(document(targets), "targets.json")->body, targets);
}

TEST(Metadata, TheCanonicalFormIsThatOfSecuresystemslib) {
  EXPECT_EQ(to_sign(Timestamp{{"1.0.31", 1, at("2030-01-01T00:00:00.75Z")}, {2, 3, {{"sha256", "ab"}}}}),
            R"({"_type":"timestamp","expires":"2030-01-01T00:00:00Z","meta":{"snapshot.json":{"hashes":)"
            R"({"sha256":"ab"},"length":3,"version":2}},"spec_version":"1.0.31","version":1})");
  EXPECT_NE(to_sign(some_root()).find("\"public\":\"-----\n\""), std::string::npos);
}

TEST(Metadata, WhatHasNoCanonicalFormIsEmpty) {
  Targets targets = some_targets();
  targets.targets["dir/file"].custom = "{";
  EXPECT_EQ(to_sign(targets), "");
  targets.targets["dir/file"].custom = "1.5";
  EXPECT_EQ(to_sign(targets), "");
  targets.targets = {{"\xFF", {1, {{"sha256", "00"}}, ""}}};
  EXPECT_EQ(to_sign(targets), "");
  EXPECT_EQ(parse_targets(write("", {}), "t").error().code, Code::malformed);
}

TEST(Metadata, MembersThatAreNotKnownAreSignedAndPassedOver) {
  const std::string text =
      R"({"signatures": [], "x": 1.5, "signed": {"_type": "timestamp", "spec_version": "1.0", "version": 1,
          "x-mine": {"b": [2, 1], "a": null}, "expires": "2030-01-01T00:00:00Z",
          "meta": {"snapshot.json": {"version": 1, "x": "\n"}, "other.json": 5}}})";
  const auto read = parse_timestamp(text, "timestamp.json");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->body.spec_version, "1.0");
  EXPECT_EQ(read->signed_bytes,
            "{\"_type\":\"timestamp\",\"expires\":\"2030-01-01T00:00:00Z\",\"meta\":{\"other.json\":5,"
            "\"snapshot.json\":{\"version\":1,\"x\":\"\n\"}},\"spec_version\":\"1.0\",\"version\":1,"
            "\"x-mine\":{\"a\":null,\"b\":[2,1]}}");
}

TEST(Metadata, WithoutAWordSnapshotsAreNotConsistent) {
  auto text = document(some_root());
  const auto where = text.find("\"consistent_snapshot\":true,");
  text.erase(where, 27);
  EXPECT_FALSE(parse_root(text, "r")->body.consistent_snapshot);
}

TEST(Metadata, TimesOfAnyYearAndOffsetAreRead) {
  const auto expires = [](std::string_view time) {
    std::string text = document(Snapshot{common(), {}});
    text.replace(text.find("2030-01-02T03:04:05Z"), 20, time);
    const auto read = parse_snapshot(text, "s");
    return read ? std::optional(read->body.expires) : std::nullopt;
  };
  EXPECT_EQ(expires("2021-12-18T13:28:12.5-06:00"), at("2021-12-18T19:28:12.5Z"));
  EXPECT_EQ(expires("9999-12-31T23:59:59Z"), Time::max());
  EXPECT_EQ(expires("0001-01-01T00:00:00Z"), Time::min());
  for (const char* bad : {"", "2030-01-01", "2030-13-01T00:00:00Z", "2030-02-30T00:00:00Z", "never"}) {
    EXPECT_EQ(expires(bad), std::nullopt) << bad;
  }
}

// `text` with its first `from` made `to`.
struct Change {
  std::string_view from, to, error;
};

template <class Parse>
void expect_refused(const std::string& text, const std::vector<Change>& changes, Parse parse) {
  for (const auto& [from, to, error] : changes) {
    std::string changed = text;
    const auto where = changed.find(from);
    ASSERT_NE(where, std::string::npos) << from << " in " << text;
    changed.replace(where, from.size(), to);
    const auto read = parse(changed, "doc");
    ASSERT_FALSE(read) << changed;
    EXPECT_EQ(read.error().text(), error) << changed;
  }
}

// It counts as none: what others have signed holds.
TEST(Metadata, TakesASignatureThatIsNotHexadecimalAsEmpty) {
  std::string text = document(Timestamp{common(), {7, 100, {{"sha256", "00"}}}});
  text.replace(text.find("0102ff"), 6, "0102f");
  const auto parsed = parse_timestamp(text, "doc");
  ASSERT_TRUE(parsed) << parsed.error().text();
  EXPECT_EQ(parsed->signatures[0], (Signature{"k1", {}}));
}

TEST(Metadata, RefusesWhatIsNoDocument) {
  expect_refused(
      document(Timestamp{common(), {7, 100, {{"sha256", "00"}}}}),
      {{"\"signed\"", "\"other\"", "doc: signed is missing"},
       {"\"signatures\"", "\"other\"", "doc: signatures is missing"},
       {"\"_type\":\"timestamp\"", "\"_type\":\"snapshot\"",
        "doc is not metadata of the type timestamp: its type is snapshot"},
       {"\"_type\"", "\"type\"", "doc: _type is missing"},
       {"\"keyid\":\"k2\"", "\"keyid\":\"k1\"", "doc: signatures has two by one key id: k1"},
       {"\"keyid\":\"k2\",", "", "doc: signatures: keyid is missing"},
       {"\"sig\":\"0102ff\"", "\"sig\":null", "doc: signatures: sig is not a string"},
       {"\"version\":3", "\"version\":0", "doc: version is not an integer above 0"},
       {"\"version\":3", "\"version\":-1", "doc: version is not an integer above 0"},
       {"\"version\":3", "\"version\":\"3\"", "doc: version is not an integer above 0"},
       {"\"version\":3", "\"version\":3.0",
        "doc: signed cannot have been signed: the number 3.0 has no canonical JSON: it is no integer"},
       {"\"version\":3", "\"version\":18446744073709551616", "doc: version is not an integer above 0"},
       {"1.0.31", "2.0.0",
        "doc is of another version of TUF: its spec_version is 2.0.0, and 1 is what is known here"},
       {"1.0.31", "1", "doc: spec_version is not a version: 1"},
       {"1.0.31", "1.0.31.1", "doc: spec_version is not a version: 1.0.31.1"},
       {"1.0.31", "1.a", "doc: spec_version is not a version: 1.a"},
       {"1.0.31", "1..0", "doc: spec_version is not a version: 1..0"},
       {"1.0.31", "", "doc: spec_version is not a version"},
       {"1.0.31", "11.0.0",
        "doc is of another version of TUF: its spec_version is 11.0.0, and 1 is what is known here"},
       {"\"meta\":{", "\"meta\":null,\"m\":{", "doc: meta is not an object"},
       {"\"snapshot.json\"", "\"snapshot\"", "doc: meta: snapshot.json is missing"},
       {"\"version\":7", "\"version\":0", "doc: meta: snapshot.json: version is not an integer above 0"},
       {"\"length\":100", "\"length\":-1",
        "doc: meta: snapshot.json: length is not a size: not an integer in range: -1"},
       {"\"sha256\":\"00\"", "\"sha256\":\"../../x\"",
        "doc: meta: snapshot.json: hashes has what is not a hash in hexadecimal"},
       {"\"sha256\":\"00\"", "\"sha256\":\"\"",
        "doc: meta: snapshot.json: hashes has what is not a hash in hexadecimal"},
       {"\"sha256\":\"00\"", "\"sha256\":0",
        "doc: meta: snapshot.json: hashes has what is not a hash in hexadecimal"}},
      parse_timestamp);
  for (const char* text : {"", "[]", "{", "{} {}", "null", "{\"signed\":[],\"signatures\":[]}"}) {
    EXPECT_EQ(parse_timestamp(text, "doc").error().code, Code::malformed) << text;
  }
}

TEST(Metadata, RefusesWhatIsNoRoot) {
  expect_refused(
      document(some_root()),
      {{"\"timestamp\":{", "\"other\":{", "doc: roles: timestamp is missing"},
       {"\"threshold\":2", "\"threshold\":0", "doc: roles: root: threshold is not an integer above 0"},
       {"\"keyids\":[\"k1\",\"k2\"]", "\"keyids\":[\"k1\",\"k1\"]",
        "doc: roles: root: keyids has one twice: k1"},
       {"\"keyids\":[\"k1\",\"k2\"]", "\"keyids\":[\"k1\",2]",
        "doc: roles: root: keyids has what is not a string"},
       {"\"keyids\":[\"k1\",\"k2\"]", "\"keyids\":\"k1\"", "doc: roles: root: keyids is not an array"},
       {"\"keytype\"", "\"type\"", "doc: keys: keytype is missing"},
       {"\"keyval\":{", "\"val\":{", "doc: keys: keyval is missing"},
       {"\"consistent_snapshot\":true", "\"consistent_snapshot\":1",
        "doc: consistent_snapshot is not a boolean"},
       {"\"keys\":{", "\"keys\":[],\"k\":{", "doc: keys is not an object"}},
      parse_root);
}

TEST(Metadata, RefusesWhatAreNoTargets) {
  expect_refused(
      document(some_targets()),
      {{"\"name\":\"one\"", "\"name\":\"two\"", "doc: delegations: roles has two twice"},
       {"\"name\":\"one\"", "\"name\":\"\"", "doc: delegations: roles:  is no name for a delegated role"},
       {"\"name\":\"one\"", "\"name\":\"root\"",
        "doc: delegations: roles: root is no name for a delegated role"},
       {"\"name\":\"one\"", "\"name\":\"targets\"",
        "doc: delegations: roles: targets is no name for a delegated role"},
       {"\"paths\":[", "\"path\":[",
        "doc: delegations: roles: one has not exactly one of paths and path_hash_prefixes"},
       {"\"paths\":[", "\"path_hash_prefixes\":[],\"paths\":[",
        "doc: delegations: roles: one has not exactly one of paths and path_hash_prefixes"},
       {"\"paths\":[", "\"paths\":[1,", "doc: delegations: roles: one: paths has what is not a string"},
       {"\"terminating\":false", "\"terminating\":0",
        "doc: delegations: roles: one: terminating is not a boolean"},
       {"\"terminating\":false,", "", "doc: delegations: roles: one: terminating is missing"},
       {"\"roles\":[", "\"succinct_roles\":{},\"roles\":[",
        "doc: delegations has not exactly one of roles and succinct_roles"},
       {"\"roles\":[", "\"r\":[", "doc: delegations has not exactly one of roles and succinct_roles"},
       {"\"delegations\":{", "\"delegations\":null,\"d\":{", "doc: delegations is not an object"},
       {"{\"sha256\":\"e3\"}", "{}", "doc: targets: empty: hashes has none"},
       {"\"length\":0", "\"length\":0.5",
        "doc: signed cannot have been signed: the number 0.5 has no canonical JSON: it is no integer"},
       {"\"targets\":{", "\"targets\":[],\"t\":{", "doc: targets is not an object"}},
      parse_targets);
  Targets bins = some_targets();
  bins.delegations->roles = SuccinctRoles{{{"k1"}, 1}, 8, "bin"};
  expect_refused(
      document(bins),
      {{"\"bit_length\":8", "\"bit_length\":0",
        "doc: delegations: succinct_roles: bit_length is not an integer above 0"},
       {"\"bit_length\":8", "\"bit_length\":33", "doc: delegations: succinct_roles: bit_length is above 32"},
       {"\"name_prefix\":\"bin\"", "\"name_prefix\":1",
        "doc: delegations: succinct_roles: name_prefix is not a string"}},
      parse_targets);
}

TEST(Metadata, NumbersOfPartsAreBounded) {
  Snapshot snapshot{common(), {}};
  for (std::size_t i = 0; i <= limits::tuf_files; ++i) snapshot.meta[std::to_string(i) + ".json"] = {};
  EXPECT_EQ(parse_snapshot(document(snapshot), "doc").error().text(),
            "doc: meta are too many: 16385, and at most 16384 are taken");
  Root root = some_root();
  for (std::size_t i = 0; i < limits::tuf_keys; ++i) root.keys[std::to_string(i)] = {};
  EXPECT_EQ(parse_root(document(root), "doc").error().code, Code::too_large);
  std::vector<Signature> signatures;
  for (std::size_t i = 0; i <= limits::tuf_keys; ++i) signatures.push_back({std::to_string(i), {}});
  EXPECT_EQ(parse_root(write(to_sign(some_root()), signatures), "doc").error().code, Code::too_large);
}

}  // namespace
}  // namespace sigstore::tuf
