#include "sigstore/keyset/key_set.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/keyset/change.h"

namespace sigstore::keyset {
namespace {

crypto::PublicKey new_key(crypto::KeyType type = crypto::KeyType::ed25519) {
  return crypto::PrivateKey::generate(type)->public_key();
}
const crypto::PublicKey key_a = new_key(crypto::KeyType::ecdsa_p256), key_b = new_key();

Time at(std::string_view text) {
  return *codec::rfc3339::parse(text);
}
const Time noon = at("2026-06-01T12:00:00Z");

std::string member(const crypto::PublicKey& key, const std::string& rest = R"(,"state":"active")") {
  return R"({"id":")" + key.fingerprint() + R"(","publicKey":")" + codec::base64::encode(key.spki()) + "\"" +
         rest + "}";
}
std::string document(const std::string& keys, const std::string& rest = {}) {
  return R"({"format":"key-set/1","version":3)" + rest + R"(,"keys":[)" + keys + "]}";
}
Error refused(const std::string& text) {
  const auto set = KeySet::parse(text, "s.json");
  EXPECT_FALSE(set) << text;
  return set ? Error{} : set.error();
}

TEST(KeySet, IsReadAndWritten) {
  const auto set = *KeySet::parse(
      document(
          member(key_a, R"(,"name":"a","state":"revoked","since":"2026-01-02T03:04:05.9Z","reason":"lost")") +
              "," +
              member(key_b,
                     R"(,"state":"active","notBefore":"2026-01-01T00:00:00+01:00","scope":["r.example/**"])"),
          R"(,"expires":"2027-01-01T00:00:00Z","threshold":1,"roots":[)" + member(key_b, R"(,"name":"r")") +
              "]"),
      "s.json");
  EXPECT_EQ(set.version, 3u);
  EXPECT_EQ(set.threshold, 1u);
  EXPECT_EQ(set.roots, (std::vector<Root>{{key_b, "r"}}));
  ASSERT_EQ(set.keys.size(), 2u);
  EXPECT_EQ(set.keys[0].state, State::revoked);
  EXPECT_EQ(*set.keys[0].since, at("2026-01-02T03:04:05Z"));
  EXPECT_EQ(*set.keys[1].not_before, at("2025-12-31T23:00:00Z"));
  EXPECT_EQ(set.keys[1].scope, std::vector<std::string>{"r.example/**"});
  EXPECT_EQ(set.find(key_b), &set.keys[1]);
  EXPECT_EQ(*KeySet::parse(set.write(), "again"), set);
  EXPECT_TRUE(set.has_expired(at("2027-01-01T00:00:01Z")));
  EXPECT_FALSE(set.has_expired(at("2027-01-01T00:00:00Z")));
}

TEST(KeySet, AKeyMayBePem) {
  auto pem = key_a.pem();
  for (std::size_t i; (i = pem.find('\n')) != std::string::npos;) pem.replace(i, 1, "\\n");
  const auto set = KeySet::parse(
      document(R"({"id":")" + key_a.fingerprint() + R"(","publicKey":")" + pem + R"(","state":"active"})"),
      "s");
  ASSERT_TRUE(set) << set.error().text();
  EXPECT_EQ(set->keys[0].key, key_a);
}

TEST(KeySet, WhatIsWrongIsSaid) {
  const std::string a = member(key_a);
  EXPECT_EQ(refused("{}").message, "s.json: it is no key set");
  EXPECT_EQ(refused(R"({"format":"key-set/2"})").code, Code::unsupported);
  EXPECT_EQ(refused(document(a, R"(,"version":4)")).code, Code::malformed);  // a duplicate member
  EXPECT_EQ(refused(document(a + "," + a)).message,
            "s.json: keys[1]: " + key_a.fingerprint() + " is there twice");
  EXPECT_EQ(refused(document(member(key_a, R"(,"name":"n","state":"active")") + "," +
                             member(key_b, R"(,"name":"n","state":"active")")))
                .message,
            "s.json: keys[1]: the name \"n\" is there twice");
  EXPECT_EQ(refused(document(a, R"(,"crit":1)")).message, "s.json: \"crit\" is not known");
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"paused")"))).message,
            "s.json: keys[0]: the state \"paused\" is not known");
  EXPECT_EQ(refused(document(member(key_a, ""))).code, Code::malformed);  // no state
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"revoked")"))).message,
            "s.json: keys[0]: since when it is revoked is missing");
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","reason":"")"))).code, Code::malformed);
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","scope":[])"))).message,
            "s.json: keys[0]: its scope is empty");
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","scope":["team/*"])"))).code,
            Code::malformed);
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","notAfter":"soon")"))).message,
            "s.json: keys[0]: notAfter is no time");
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","notAfter":"1677-09-21T00:12:43.2Z")"))).code,
            Code::malformed);
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","notBefore":"2027-01-01T00:00:00Z",)"
                                           R"("notAfter":"2026-01-01T00:00:00Z")")))
                .message,
            "s.json: keys[0]: notBefore is after notAfter");
  EXPECT_EQ(refused(R"({"format":"key-set/1","version":0,"keys":[]})").code, Code::malformed);
  EXPECT_EQ(refused(R"({"format":"key-set/1","version":-1,"keys":[]})").code, Code::malformed);
  EXPECT_EQ(refused(R"({"format":"key-set/1","keys":[]})").code, Code::malformed);
}

TEST(KeySet, AnIdIsThatOfItsKey) {
  auto text = member(key_a);
  text.replace(text.find(key_a.fingerprint()), key_a.fingerprint().size(), key_b.fingerprint());
  const auto error = refused(document(text));
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.message, "s.json: keys[0]: the id is not that of its key");
}

TEST(KeySet, AThresholdFitsItsRoots) {
  const std::string roots = R"(,"roots":[)" + member(key_a, "") + "]";
  EXPECT_EQ(refused(document("", roots)).message, "s.json: its threshold is 0 of 1 roots");
  EXPECT_EQ(refused(document("", roots + R"(,"threshold":2)")).message,
            "s.json: its threshold is 2 of 1 roots");
  EXPECT_EQ(refused(document("", R"(,"threshold":1)")).message, "s.json: it has a threshold and no roots");
  const std::string twice = R"(,"threshold":2,"roots":[)" + member(key_a, "") + "," + member(key_a, "") + "]";
  EXPECT_EQ(refused(document("", twice)).message,
            "s.json: roots[1]: " + key_a.fingerprint() + " is there twice");
}

TEST(KeySet, IsBounded) {
  EXPECT_EQ(refused(std::string(limits::key_set_bytes + 1, ' ')).code, Code::too_large);
  std::string many = "null";
  for (std::size_t i = 0; i < limits::key_set_keys; ++i) many += ",null";
  EXPECT_EQ(refused(document(many)).code, Code::too_large);
  std::string globs = "\"r.example/a\"";
  for (std::size_t i = 0; i < limits::key_set_scopes; ++i) globs += ",\"r.example/a\"";
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","scope":[)" + globs + "]"))).code,
            Code::too_large);
  const std::string name(201, 'n');
  EXPECT_EQ(refused(document(member(key_a, R"(,"state":"active","name":")" + name + "\""))).code,
            Code::too_large);
}

TEST(Refusal, StatesAndWindowsAndScopes) {
  const oci::Repository here{"r.example", "team/app"}, there{"r.example", "other/app"};
  Key key;
  key.key = key_a;
  key.name = "a";
  const std::string title = "key a (" + key_a.fingerprint() + ")";
  EXPECT_EQ(key.title(), "a (" + key_a.fingerprint() + ")");
  EXPECT_EQ(refusal(key, Use::sign, noon, nullptr), std::nullopt);
  key.not_before = noon;
  EXPECT_EQ(refusal(key, Use::verify, noon, nullptr), std::nullopt);
  EXPECT_EQ(refusal(key, Use::verify, noon - std::chrono::seconds(1), nullptr),
            title + " is not valid before 2026-06-01T12:00:00Z");
  key.not_after = noon;
  EXPECT_EQ(refusal(key, Use::verify, noon, nullptr), std::nullopt);
  EXPECT_EQ(refusal(key, Use::verify, noon + std::chrono::seconds(1), nullptr),
            title + " was valid until 2026-06-01T12:00:00Z");
  key.scope = {"r.example/team/*"};
  EXPECT_EQ(refusal(key, Use::verify, noon, &here), std::nullopt);
  EXPECT_EQ(refusal(key, Use::verify, noon, &there),
            title + " is for r.example/team/* alone, not for r.example/other/app");
  EXPECT_EQ(refusal(key, Use::verify, noon, nullptr),
            title + " is for r.example/team/* alone, and this is in no repository");
  key.state = State::retired;
  key.since = noon;
  EXPECT_EQ(refusal(key, Use::verify, noon, &here), std::nullopt);
  EXPECT_EQ(refusal(key, Use::sign, noon, &here),
            title + " was retired at 2026-06-01T12:00:00Z; it verifies, and signs nothing more");
  key.state = State::revoked;
  key.reason = "lost";
  EXPECT_EQ(refusal(key, Use::verify, noon, &here), title + " was revoked at 2026-06-01T12:00:00Z: lost");
}

TEST(Change, RaisesTheVersion) {
  KeySet set;
  Key a;
  a.key = key_a;
  a.name = "a";
  set = *with_key(set, a);
  EXPECT_EQ(set.version, 2u);
  EXPECT_EQ(with_key(set, a).error().code, Code::conflict);
  Key other;
  other.key = key_b;
  other.name = "a";
  EXPECT_EQ(with_key(set, other).error().code, Code::conflict);
  other.name = std::string(300, 'x');
  EXPECT_EQ(with_key(set, other).error().code, Code::too_large);

  const auto retired = *with_state(set, key_a, State::retired, noon, "");
  EXPECT_EQ(retired.version, 3u);
  EXPECT_EQ(retired.keys[0].state, State::retired);
  EXPECT_EQ(with_state(retired, key_a, State::retired, noon, "").error().code, Code::conflict);
  const auto revoked = *with_state(retired, key_a, State::revoked, noon, "lost");
  EXPECT_EQ(revoked.keys[0].reason, "lost");
  EXPECT_EQ(with_state(revoked, key_a, State::retired, noon, "").error().code, Code::conflict);
  EXPECT_EQ(with_state(set, key_b, State::retired, noon, "").error().code, Code::not_found);
}

TEST(Change, AKeyIsNamedByIdOrName) {
  KeySet set;
  Key a;
  a.key = key_a;
  a.name = "a";
  set.keys = {a};
  EXPECT_EQ(named(set, "a", "s")->key, key_a);
  EXPECT_EQ(named(set, key_a.fingerprint(), "s")->key, key_a);
  EXPECT_EQ(named(set, key_a.fingerprint().substr(0, 15), "s")->key, key_a);
  EXPECT_EQ(named(set, "sha256:", "s").error().code, Code::not_found);
  EXPECT_EQ(named(set, "", "s").error().code, Code::not_found);
  // A key is not meant because somebody called it what another one is.
  Key b;
  b.key = key_b;
  b.name = key_a.fingerprint();
  set.keys = {b, a};
  EXPECT_EQ(named(set, key_a.fingerprint(), "s")->key, key_a);
  EXPECT_EQ(named(set, key_b.fingerprint(), "s")->key, key_b);
}

}  // namespace
}  // namespace sigstore::keyset
