#include "sigstore/authority/tufrepo/publisher.h"

#include <gtest/gtest.h>

#include "sigstore/authority/testing/keys.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/tuf/key.h"
#include "sigstore/tuf/updater.h"

namespace sigstore::authority {
namespace {

using namespace std::chrono_literals;
using crypto::KeyType;

const Time now = codec::rfc3339::parse("2026-06-01T12:00:00.9Z").value();
constexpr auto day = 24h;

std::shared_ptr<crypto::Signer> key(const std::string& name, KeyType type = KeyType::ecdsa_p256) {
  return std::make_shared<crypto::PrivateKey>(testing::key_named(type, name));
}

TufPublisher::Options options() {
  return {.root = {{key("root 1"), key("root 2")}, 2, 365 * day, {key("root 3")->public_key()}},
          .timestamp = {{key("online")}, 1, 7 * day, {}},
          .snapshot = {{key("online")}, 1, 7 * day, {}},
          .targets = {{key("targets", KeyType::ed25519)}, 1, 90 * day, {}},
          .consistent_snapshot = true};
}

std::vector<std::string> names(const TufPublisher& publisher) {
  std::vector<std::string> names;
  for (const auto& [name, content] : publisher.files()) names.push_back(name);
  return names;
}

const std::string& file(const TufPublisher& publisher, const std::string& name) {
  static const std::string none;
  const auto found = publisher.files().find(name);
  EXPECT_TRUE(found != publisher.files().end()) << name;
  return found != publisher.files().end() ? found->second : none;
}

TEST(TufPublisher, PublishesFourRolesAndTheTargets) {
  auto publisher = TufPublisher::create(options(), now).value();
  EXPECT_EQ(names(publisher), (std::vector<std::string>{"1.root.json"}));
  ASSERT_TRUE(publisher.set_target("trusted_root.json", "{}"));
  ASSERT_TRUE(publisher.set_target("folder/other file", "x"));
  ASSERT_TRUE(publisher.publish(now, now));
  const std::string of_object = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
  const std::string of_x = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  EXPECT_EQ(names(publisher),
            (std::vector<std::string>{"1.root.json", "1.snapshot.json", "1.targets.json",
                                      "targets/" + of_object + ".trusted_root.json",
                                      "targets/folder/" + of_x + ".other file", "timestamp.json"}));
  const auto root = tuf::parse_root(publisher.root(), "root").value();
  EXPECT_EQ(root.body.root.key_ids.size(), 3U);
  EXPECT_EQ(root.body.root.threshold, 2U);
  EXPECT_EQ(root.body.expires, codec::rfc3339::parse("2027-06-01T12:00:00Z").value());
  EXPECT_TRUE(
      tuf::verify_threshold(root.body.root, root.body.keys, root.signed_bytes, root.signatures, "root"));
  const auto targets = tuf::parse_targets(file(publisher, "1.targets.json"), "targets").value();
  EXPECT_TRUE(tuf::verify_threshold(root.body.targets, root.body.keys, targets.signed_bytes,
                                    targets.signatures, "targets"));
  EXPECT_EQ(targets.body.targets.at("trusted_root.json"), (tuf::TargetFile{2, {{"sha256", of_object}}, ""}));
  const auto snapshot = tuf::parse_snapshot(file(publisher, "1.snapshot.json"), "snapshot").value();
  EXPECT_EQ(snapshot.body.meta.at("targets.json"), tuf_meta_file(1, file(publisher, "1.targets.json")));
  const auto timestamp = tuf::parse_timestamp(file(publisher, "timestamp.json"), "timestamp").value();
  EXPECT_EQ(timestamp.body.snapshot, tuf_meta_file(1, file(publisher, "1.snapshot.json")));
  EXPECT_EQ(timestamp.body.version, 1U);
}

TEST(TufPublisher, SignsAnewWhatChangedOrExpires) {
  auto publisher = TufPublisher::create(options(), now).value();
  ASSERT_TRUE(publisher.set_target("a", "1"));
  ASSERT_TRUE(publisher.publish(now, now));
  const auto first = publisher.files();
  // Nothing changed: nothing is signed.
  ASSERT_TRUE(publisher.set_target("a", "1"));
  ASSERT_TRUE(publisher.remove_target("none"));
  ASSERT_TRUE(publisher.publish(now + day, now + 2 * day));
  EXPECT_EQ(publisher.files(), first);
  // Timestamp and snapshot expire in a week.
  ASSERT_TRUE(publisher.publish(now + 6 * day, now + 8 * day));
  EXPECT_TRUE(publisher.files().contains("2.snapshot.json"));
  EXPECT_FALSE(publisher.files().contains("2.targets.json"));
  const auto timestamp = tuf::parse_timestamp(file(publisher, "timestamp.json"), "timestamp").value();
  EXPECT_EQ(timestamp.body.version, 2U);
  EXPECT_EQ(timestamp.body.snapshot.version, 2U);
  EXPECT_EQ(timestamp.body.expires, codec::rfc3339::parse("2026-06-14T12:00:00Z").value());
  // A target that goes.
  ASSERT_TRUE(publisher.remove_target("a"));
  ASSERT_TRUE(publisher.publish(now + 6 * day, now + 8 * day));
  EXPECT_TRUE(tuf::parse_targets(file(publisher, "2.targets.json"), "targets").value().body.targets.empty());
  EXPECT_EQ(tuf::parse_snapshot(file(publisher, "3.snapshot.json"), "snapshot")
                .value()
                .body.meta.at("targets.json")
                .version,
            2U);
}

TEST(TufPublisher, ARotationIsSignedByOldAndNewKeys) {
  auto publisher = TufPublisher::create(options(), now).value();
  ASSERT_TRUE(publisher.publish(now, now));
  const auto first = tuf::parse_root(publisher.root(), "root").value().body;
  auto next = options();
  next.root = {{key("another 1"), key("another 2"), key("root 2")}, 3, 365 * day, {}};
  next.timestamp.signers = {key("online 2")};
  ASSERT_TRUE(publisher.rotate(next, now));
  EXPECT_EQ(publisher.root(), file(publisher, "2.root.json"));
  const auto second = tuf::parse_root(publisher.root(), "root").value();
  EXPECT_EQ(second.body.version, 2U);
  EXPECT_EQ(second.signatures.size(), 4U);
  for (const auto* by : {&first, &second.body}) {
    EXPECT_TRUE(
        tuf::verify_threshold(by->root, by->keys, second.signed_bytes, second.signatures, "2.root.json"));
  }
  // Only whose keys are others signs anew.
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_FALSE(publisher.files().contains("2.snapshot.json"));
  const auto timestamp = tuf::parse_timestamp(file(publisher, "timestamp.json"), "timestamp").value();
  EXPECT_EQ(timestamp.body.version, 2U);
  EXPECT_TRUE(tuf::verify_threshold(second.body.timestamp, second.body.keys, timestamp.signed_bytes,
                                    timestamp.signatures, "timestamp"));
}

TEST(TufPublisher, WithoutConsistentSnapshotsNamesHaveNoVersion) {
  auto plain = options();
  plain.consistent_snapshot = false;
  auto publisher = TufPublisher::create(plain, now).value();
  ASSERT_TRUE(publisher.set_target("d/a", "1"));
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_EQ(names(publisher), (std::vector<std::string>{"1.root.json", "snapshot.json", "targets.json",
                                                        "targets/d/a", "timestamp.json"}));
  ASSERT_TRUE(publisher.rotate(options(), now));
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_TRUE(publisher.files().contains("2.targets.json"));
  EXPECT_TRUE(publisher.files().contains("2.snapshot.json"));
  EXPECT_EQ(file(publisher, "targets/d/6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b.a"),
            "1");
}

TEST(TufPublisher, Delegates) {
  auto publisher = TufPublisher::create(options(), now).value();
  const TufRole role = {{key("team")}, 1, 30 * day, {}};
  ASSERT_TRUE(publisher.delegate("targets", {"team/a", role, true, {{"a/*"}}, {}}));
  ASSERT_TRUE(publisher.delegate("team/a", {"deeper", role, false, {}, {{"00", "ff"}}}));
  ASSERT_TRUE(publisher.set_target("a/1", "1", "team/a"));
  ASSERT_TRUE(publisher.publish(now, now));
  const auto top = tuf::parse_targets(file(publisher, "1.targets.json"), "targets").value().body;
  const auto& list = std::get<0>(top.delegations->roles);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_TRUE(list[0].terminating);
  const auto team = tuf::parse_targets(file(publisher, "1.team%2Fa.json"), "team/a").value();
  EXPECT_TRUE(tuf::verify_threshold(list[0].role, top.delegations->keys, team.signed_bytes, team.signatures,
                                    "team/a"));
  EXPECT_TRUE(team.body.targets.contains("a/1"));
  EXPECT_TRUE(publisher.files().contains("1.deeper.json"));
  const auto snapshot = tuf::parse_snapshot(file(publisher, "1.snapshot.json"), "snapshot").value().body;
  EXPECT_TRUE(snapshot.meta.contains("team/a.json"));
  EXPECT_TRUE(snapshot.meta.contains("deeper.json"));
  // Both delegators' keys sign.
  ASSERT_TRUE(publisher.delegate("targets", {"deeper", {{key("other")}, 1, day, {}}, false, {{"*"}}, {}}));
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_EQ(tuf::parse_targets(file(publisher, "2.deeper.json"), "deeper").value().signatures.size(), 2U);
}

// TAP 15: the first bits of the path's SHA-256.
TEST(TufPublisher, HashBins) {
  EXPECT_EQ(tuf_bin("bin", 1, "a"), "bin-1");  // ca97…
  EXPECT_EQ(tuf_bin("bin", 4, "a"), "bin-c");
  EXPECT_EQ(tuf_bin("bin", 5, "a"), "bin-19");
  EXPECT_EQ(tuf_bin("bin", 32, "a"), "bin-ca978112");
  auto publisher = TufPublisher::create(options(), now).value();
  ASSERT_TRUE(publisher.delegate_bins("targets", "bin", 3, {{key("bins")}, 1, 30 * day, {}}));
  ASSERT_TRUE(publisher.set_target("a", "1"));
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_TRUE(tuf::parse_targets(file(publisher, "1.bin-6.json"), "bin").value().body.targets.contains("a"));
  EXPECT_TRUE(publisher.files().contains("1.bin-0.json"));
  EXPECT_TRUE(publisher.files().contains("1.bin-7.json"));
  EXPECT_FALSE(publisher.files().contains("1.bin-8.json"));
  ASSERT_TRUE(publisher.remove_target("a"));
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_TRUE(publisher.files().contains("2.bin-6.json"));
  EXPECT_FALSE(publisher.files().contains("2.bin-7.json"));
}

TEST(TufPublisher, RefusesWhatNobodyCouldTrust) {
  const auto refusal = [](auto change) {
    auto wrong = options();
    change(wrong);
    const auto made = TufPublisher::create(wrong, now);
    return made ? Error{} : made.error();
  };
  EXPECT_EQ(refusal([](auto& o) { o.root.threshold = 3; }),
            (Error{Code::invalid_argument,
                   "the role root would be signed by 2 of the 3 keys that its threshold wants", "", ""}));
  EXPECT_EQ(refusal([](auto& o) { o.root.signers[1] = o.root.signers[0]; }).code, Code::invalid_argument);
  EXPECT_EQ(refusal([](auto& o) { o.snapshot.threshold = 0; }),
            (Error{Code::invalid_argument, "the role snapshot has a threshold of 0", "", ""}));
  EXPECT_EQ(
      refusal([](auto& o) { o.targets.lifetime = 999ms; }),
      (Error{Code::invalid_argument, "the role targets would expire at once", "it has no lifetime", ""}));
  auto publisher = TufPublisher::create(options(), now).value();
  for (const char* path : {"", "/a", "a/", "a//b", "../a", "a/./b"})
    EXPECT_EQ(publisher.set_target(path, "").error().code, Code::invalid_argument) << path;
  EXPECT_EQ(publisher.set_target("../a", "").error(),
            (Error{Code::invalid_argument, "no path of a target: '../a'", "it leads elsewhere", ""}));
  EXPECT_EQ(publisher.set_target("a", "", "team").error(),
            (Error{Code::not_found, "no role vouches for targets as team", "", ""}));
  const TufRole role = {{key("team")}, 1, day, {}};
  EXPECT_EQ(publisher.delegate("targets", {"snapshot", role, false, {{"*"}}, {}}).error(),
            (Error{Code::conflict, "snapshot is no role that can be delegated to", "", ""}));
  EXPECT_EQ(publisher.delegate("targets", {"team", role, false, {{"*"}}, {{"00"}}}).error().code,
            Code::invalid_argument);
  EXPECT_EQ(publisher.delegate("targets", {"team", role, false, {}, {}}).error().code,
            Code::invalid_argument);
  ASSERT_TRUE(publisher.delegate("targets", {"team", role, false, {{"*"}}, {}}));
  EXPECT_EQ(publisher.delegate("targets", {"team", role, false, {{"*"}}, {}}).error(),
            (Error{Code::conflict, "the role targets delegates to team already", "", ""}));
  EXPECT_EQ(publisher.delegate_bins("targets", "bin", 2, role).error().code, Code::conflict);
  EXPECT_EQ(publisher.delegate_bins("team", "bin", 13, role).error(),
            (Error{Code::invalid_argument, "hash bins need a name, and 1 to 12 bits", "", ""}));
}

class BrokenSigner final : public crypto::Signer {
 public:
  [[nodiscard]] const crypto::PublicKey& public_key() const override { return key_->public_key(); }
  Result<Bytes> sign(crypto::Scheme scheme, BytesView message) override {
    if (broken) return fail(Code::unavailable, "no answer");
    return key_->sign(scheme, message);
  }
  Result<Bytes> sign_digest(crypto::Scheme scheme, BytesView digest) override {
    return key_->sign_digest(scheme, digest);
  }
  bool broken = false;

 private:
  std::shared_ptr<crypto::Signer> key_ = key("broken");
};

TEST(TufPublisher, NothingChangesWhenSomebodyDoesNotSign) {
  auto broken = std::make_shared<BrokenSigner>();
  auto some = options();
  some.timestamp.signers = {broken};
  auto publisher = TufPublisher::create(some, now).value();
  broken->broken = true;
  EXPECT_EQ(publisher.publish(now, now).error().code, Code::unavailable);
  EXPECT_EQ(names(publisher), (std::vector<std::string>{"1.root.json"}));
  some.root.signers.push_back(broken);
  EXPECT_EQ(publisher.rotate(some, now).error().code, Code::unavailable);
  EXPECT_EQ(names(publisher), (std::vector<std::string>{"1.root.json"}));
  broken->broken = false;
  ASSERT_TRUE(publisher.publish(now, now));
  EXPECT_TRUE(publisher.files().contains("1.targets.json"));
  EXPECT_EQ(publisher.publish(now + 365 * day, now).error(),
            (Error{Code::timeout, "the root of this repository has expired", "", "rotate it first"}));
}

// Each kind of key that Sigstore's repositories have, and RSA.
TEST(TufPublisher, SignsWithAllKindsOfKeys) {
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ed25519, KeyType::rsa}) {
    auto some = options();
    some.targets.signers = {key("of a kind", type)};
    auto publisher = TufPublisher::create(some, now).value();
    ASSERT_TRUE(publisher.publish(now, now));
    const auto root = tuf::parse_root(publisher.root(), "root").value().body;
    const auto targets = tuf::parse_targets(file(publisher, "1.targets.json"), "targets").value();
    EXPECT_TRUE(
        tuf::verify_threshold(root.targets, root.keys, targets.signed_bytes, targets.signatures, "targets"));
  }
}

}  // namespace
}  // namespace sigstore::authority
