#include "cosign/commands/keyset-export/exports.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"

namespace cosign::keyset_export {
namespace {

namespace json = sigstore::codec::json;
using sigstore::Time;
using sigstore::crypto::KeyType;
using sigstore::crypto::PrivateKey;
using sigstore::keyset::Key;
using sigstore::keyset::KeySet;
using sigstore::keyset::State;
using sigstore::oci::Repository;

const Time now = Time() + std::chrono::hours(24 * 365 * 50);

Key key(const std::string& name, std::vector<std::string> scope = {}, State state = State::active) {
  Key made{
      PrivateKey::generate(KeyType::ecdsa_p256)->public_key(), name, state, {}, {}, {}, {}, std::move(scope)};
  if (state != State::active) made.since = now - std::chrono::hours(1);
  return made;
}

std::vector<std::string> names(const std::vector<const Key*>& keys) {
  std::vector<std::string> all;
  for (const Key* one : keys) all.push_back(one->name);
  return all;
}

bool said(const std::vector<std::string>& notes, const std::string& words) {
  return std::ranges::any_of(notes, [&](const std::string& note) { return note.contains(words); });
}

using Names = std::vector<std::string>;

TEST(Select, ActiveAndRetiredKeysInTheirWindows) {
  KeySet set;
  set.keys = {key("active"),
              key("retired", {}, State::retired),
              key("revoked", {}, State::revoked),
              key("past"),
              key("future"),
              key("ending")};
  set.keys[3].not_after = now - std::chrono::hours(1);
  set.keys[4].not_before = now + std::chrono::hours(1);
  set.keys[5].not_after = now + std::chrono::hours(1);
  const Selection selection = select(set, now, nullptr);
  EXPECT_EQ(names(selection.keys), (Names{"active", "retired", "ending"}));
  EXPECT_TRUE(said(selection.notes, "left out: "));
  EXPECT_TRUE(said(selection.notes, "ending"));
  ASSERT_EQ(selection.rules.size(), 1u);
  EXPECT_EQ(selection.rules[0].glob, "**");
}

// In every form but one's own the narrowest rule alone counts: it has the keys of the wider ones too.
TEST(Select, ANarrowRuleHasTheKeysOfWiderOnes) {
  KeySet set;
  set.keys = {key("all"), key("team", {"r.example/team/**"}), key("app", {"r.example/team/app"}),
              key("other", {"r.example/other/*"})};
  const Selection selection = select(set, now, nullptr);
  ASSERT_EQ(selection.rules.size(), 4u);
  EXPECT_EQ(selection.rules[0].glob, "r.example/other/*");
  EXPECT_EQ(names(selection.rules[0].keys), (Names{"all", "other"}));
  EXPECT_EQ(names(selection.rules[1].keys), (Names{"all", "team"}));
  EXPECT_EQ(selection.rules[1].below, (Names{"r.example/team/app"}));
  EXPECT_EQ(names(selection.rules[2].keys), (Names{"all", "team", "app"}));
  EXPECT_EQ(names(selection.rules[3].keys), (Names{"all"}));
}

TEST(Select, ForOneRepository) {
  KeySet set;
  set.keys = {key("all"), key("team", {"r.example/team/**"}), key("other", {"r.example/other/*"})};
  const auto where = *Repository::parse("r.example/team/app");
  const Selection selection = select(set, now, &where);
  EXPECT_EQ(names(selection.keys), (Names{"all", "team"}));
  EXPECT_EQ(selection.rules.size(), 1u);
}

TEST(Covers, WhatIsObvious) {
  EXPECT_TRUE(covers("**", "r.example/a"));
  EXPECT_TRUE(covers("r.example/a", "r.example/a"));
  EXPECT_TRUE(covers("r.example/**", "r.example/a/**"));
  EXPECT_TRUE(covers("r.example/a/**", "r.example/a/*"));
  EXPECT_FALSE(covers("r.example/a/**", "r.example/a"));
  EXPECT_FALSE(covers("r.example/a/**", "r.example/ab"));
  EXPECT_FALSE(covers("r.example/*", "r.example/a"));
  EXPECT_FALSE(covers("r.example/a", "**"));
}

TEST(Pem, EachKeyWithWhatItIs) {
  KeySet set;
  set.keys = {key("one"), key("two", {"r.example/a"}, State::retired)};
  const Export out = as_pem(select(set, now, nullptr));
  EXPECT_TRUE(out.text.starts_with("# one (sha256:")) << out.text;
  EXPECT_TRUE(out.text.contains(", retired\n# for r.example/a\n-----BEGIN PUBLIC KEY-----\n"));
  EXPECT_TRUE(out.text.contains(set.keys[0].key.pem()));
  EXPECT_TRUE(said(out.notes, "two"));
}

TEST(ContainersPolicy, AScopeForEachGlobThatCanBeSaid) {
  KeySet set;
  set.keys = {key("team", {"r.example/team/**"}), key("app", {"r.example/team/app", "docker.io/library/**"}),
              key("level", {"r.example/*/x"}), key("domain", {"*.corp.example/**"})};
  const Export out = as_containers_policy(select(set, now, nullptr));
  const auto document = json::parse(out.text, "policy.json");
  ASSERT_TRUE(document) << out.text;
  EXPECT_EQ(json::write(*document->get("default")), R"([{"type":"reject"}])");
  const auto* scopes = document->get("transports")->get("docker")->object();
  ASSERT_NE(scopes, nullptr);
  Names found;
  for (const auto& member : scopes->members()) found.push_back(member.key);
  EXPECT_EQ(found, (Names{"*.corp.example", "docker.io/library", "r.example/team", "r.example/team/app"}));
  const auto& app = (*scopes->find("r.example/team/app")->array())[0];
  EXPECT_EQ(*app.get("type")->string(), "sigstoreSigned");
  EXPECT_EQ(app.get("keyDatas")->array()->size(), 2u);
  EXPECT_EQ(*app.get("signedIdentity")->get("type")->string(), "exactRepository");
  EXPECT_EQ(*app.get("signedIdentity")->get("dockerRepository")->string(), "r.example/team/app");
  const auto& team = (*scopes->find("r.example/team")->array())[0];
  EXPECT_EQ(*team.get("signedIdentity")->get("type")->string(), "matchRepository");
  EXPECT_EQ(*team.get("keyData")->string(),
            sigstore::codec::base64::encode(sigstore::as_bytes(set.keys[0].key.pem())));
  EXPECT_TRUE(said(out.notes, "r.example/*/x is left out"));
  EXPECT_TRUE(said(out.notes, "skopeo 1.9"));
}

TEST(ContainersPolicy, EverythingIsTheDefaultOfTheTransport) {
  KeySet set;
  set.keys = {key("all")};
  const Export out = as_containers_policy(select(set, now, nullptr));
  const auto document = json::parse(out.text, "policy.json");
  EXPECT_NE(document->get("transports")->get("docker")->get(""), nullptr) << out.text;
}

// Two rules that match are both demanded, so that the wider one must pass over what has a rule of its own.
TEST(Kyverno, ARuleForEachGlob) {
  KeySet set;
  set.keys = {key("team", {"r.example/team/**"}), key("app", {"r.example/team/app"}),
              key("level", {"r.example/*/x"})};
  const Export out = as_kyverno(select(set, now, nullptr), "signed");
  EXPECT_TRUE(
      out.text.starts_with("apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\n"));
  EXPECT_TRUE(
      out.text.contains("          skipImageReferences:  # these have a rule of their own\n"
                        "            - \"r.example/team/app:*\"\n            - \"r.example/team/app@*\"\n"))
      << out.text;
  EXPECT_TRUE(out.text.contains("            - \"r.example/team/*\"\n"));
  EXPECT_TRUE(out.text.contains("    # r.example/*/x cannot be said"));
  EXPECT_TRUE(said(out.notes, "r.example/*/x is left out"));
}

TEST(ClusterImagePolicy, OneForEachGlob) {
  KeySet set;
  set.keys = {key("team", {"r.example/team/**"}),
              key("app", {"r.example/team/app", "r.example/*/x", "docker.io/library/*"})};
  const Export out = as_cluster_image_policies(select(set, now, nullptr), "signed");
  EXPECT_EQ(std::ranges::count(out.text, '@'), 2) << out.text;
  EXPECT_TRUE(out.text.contains("    - glob: \"index.docker.io/library/*\"\n"));
  EXPECT_TRUE(out.text.contains("    - glob: \"r.example/team/app@*\"\n"));
  EXPECT_TRUE(out.text.contains("    - glob: \"r.example/*/x@*\"\n"));
  EXPECT_TRUE(
      out.text.contains("    - glob: \"r.example/team/**\"\n      # images of r.example/team/app must pass"));
  EXPECT_TRUE(out.text.contains("\n---\n"));
  EXPECT_TRUE(out.text.contains("  name: signed-4\n"));
  EXPECT_TRUE(said(out.notes, "must also pass"));
}

TEST(TrustedRoot, HasNoPlaceForKeys) {
  KeySet set;
  set.keys = {key("one")};
  const Export out = as_trusted_root(select(set, now, nullptr));
  EXPECT_EQ(json::write(*json::parse(out.text, "root")),
            R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"})");
  EXPECT_EQ(out.notes.size(), 1u);
}

}  // namespace
}  // namespace cosign::keyset_export
