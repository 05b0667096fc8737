#include "sigstore/tuf/key.h"

#include <gtest/gtest.h>

#include <map>

namespace sigstore::tuf {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;

PrivateKey& key_of(KeyType type) {
  static std::map<KeyType, PrivateKey> keys;
  const auto found = keys.find(type);
  return found != keys.end() ? found->second : keys.emplace(type, *PrivateKey::generate(type)).first->second;
}

constexpr std::string_view text = "{\"_type\":\"timestamp\"}";

TEST(TufKey, EveryTypeIsDescribedOpenedAndCounted) {
  for (const auto type : {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::rsa, KeyType::ed25519}) {
    auto& key = key_of(type);
    const auto described = describe_key(key.public_key());
    ASSERT_TRUE(described);
    EXPECT_EQ(open_key(*described), key.public_key());
    const auto signature = sign(key, text);
    ASSERT_TRUE(signature);
    const Role role{{signature->key_id}, 1};
    const Keys keys{{key_id(*described), *described}};
    EXPECT_TRUE(verify_threshold(role, keys, text, {*signature}, "doc"));
    EXPECT_FALSE(verify_threshold(role, keys, "another", {*signature}, "doc"));
  }
  EXPECT_EQ(describe_key(key_of(KeyType::ecdsa_p521).public_key()).error().code, Code::unsupported);
}

// As securesystemslib computes it for this key.
TEST(TufKey, TheIdIsThatOfSecuresystemslib) {
  EXPECT_EQ(
      key_id({"ed25519", "ed25519", "59d9a8cc2c2a5fd5d2b8ea7cb2b5dbe7ab0d9a2b45e7d9a1bb2c0c2f7d3e9b11"}),
      "140fad8f64be26f701015b1b2163152923cf810c8d2aaed4b6ff2d468ec2e9ef");
}

TEST(TufKey, SchemesAreThoseOfSecuresystemslib) {
  EXPECT_EQ(scheme_of({"rsa", "rsassa-pss-sha512", ""}), crypto::Scheme::rsa_pss_sha512);
  EXPECT_EQ(scheme_of({"rsa", "rsa-pkcs1v15-sha256", ""}), crypto::Scheme::rsa_pkcs1_sha256);
  EXPECT_EQ(scheme_of({"ecdsa", "ecdsa-sha2-nistp521", ""}), crypto::Scheme::ecdsa_sha512);
  EXPECT_EQ(scheme_of({"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", ""}), crypto::Scheme::ecdsa_sha256);
  for (const auto& [type, scheme] :
       std::map<std::string, std::string>{{"rsa", "ed25519"},
                                          {"ed25519", "ecdsa-sha2-nistp256"},
                                          {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"},
                                          {"sphincs", "sphincs-shake-128s"},
                                          {"", ""}}) {
    EXPECT_EQ(scheme_of({type, scheme, ""}).error().code, Code::unsupported) << type;
  }
}

TEST(TufKey, RefusesValuesThatAreNoSuchKey) {
  const std::string p256 = key_of(KeyType::ecdsa_p256).public_key().pem();
  const std::string p384 = key_of(KeyType::ecdsa_p384).public_key().pem();
  const std::vector<Key> bad = {
      {"ed25519", "ed25519", ""},
      {"ed25519", "ed25519", "zz"},
      {"ed25519", "ed25519", std::string(62, 'a')},
      {"ed25519", "ed25519", std::string(64, '0')},  // of small order
      {"ed25519", "ed25519", p256},
      {"ecdsa", "ecdsa-sha2-nistp256", p384},
      {"ecdsa", "ecdsa-sha2-nistp384", p256},
      {"ecdsa", "ecdsa-sha2-nistp256", "04" + std::string(128, '1')},  // not on the curve
      {"ecdsa", "ecdsa-sha2-nistp256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"},
      {"rsa", "rsassa-pss-sha256", p256},
      {"rsa", "rsassa-pss-sha256", ""}};
  for (const auto& key : bad) EXPECT_EQ(open_key(key).error().code, Code::malformed) << key.type << key.value;
}

// go-tuf wrote the point alone once.
TEST(TufKey, AnEcdsaKeyMayBeAPointInHexadecimal) {
  const auto key =
      open_key({"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256",
                "04cbc5cab2684160323c25cd06c3307178a6b1d1c9b949328453ae473c5ba7527e35b13f298b4163"
                "3382241f3fd8526c262d43b45adee5c618fa0642c82b8a9803"});
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->type(), KeyType::ecdsa_p256);
}

class Threshold : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto type : {KeyType::ecdsa_p256, KeyType::ed25519, KeyType::ecdsa_p384}) {
      const auto key = *describe_key(key_of(type).public_key());
      ids.push_back(key_id(key));
      keys[ids.back()] = key;
      signatures.push_back(*sign(key_of(type), text));
    }
  }
  [[nodiscard]] std::string count(const Role& role) const {
    const auto counted = verify_threshold(role, keys, text, signatures, "doc");
    return counted ? "ok" : counted.error().text();
  }
  static std::string too_few(int good, int wanted) {
    return "doc is not signed by enough of its keys: " + std::to_string(good) + " of " +
           std::to_string(wanted) + " signatures are good";
  }

  std::vector<std::string> ids;
  Keys keys;
  std::vector<Signature> signatures;
};

TEST_F(Threshold, AsManyKeysAsItSaysHaveSigned) {
  EXPECT_EQ(count({ids, 1}), "ok");
  EXPECT_EQ(count({ids, 3}), "ok");
  EXPECT_EQ(count({ids, 4}), too_few(3, 4));
  EXPECT_EQ(count({{}, 1}), too_few(0, 1));
  EXPECT_EQ(count({ids, 0}), too_few(0, 0));
}

TEST_F(Threshold, OnlyKeysOfTheRoleCount) {
  EXPECT_EQ(count({{ids[0]}, 2}), too_few(1, 2));
  EXPECT_EQ(count({{ids[0], "unknown"}, 2}), too_few(1, 2));
}

TEST_F(Threshold, WrongAndMissingSignaturesCountAsNone) {
  signatures[0].signature.back() ^= 1;
  signatures[1].signature.clear();
  EXPECT_EQ(count({ids, 1}), "ok");
  EXPECT_EQ(count({ids, 2}), too_few(1, 2));
}

TEST_F(Threshold, ASignatureUnderAnotherKeysIdCountsAsNone) {
  std::swap(signatures[0].key_id, signatures[1].key_id);
  EXPECT_EQ(count({ids, 2}), too_few(1, 2));
}

TEST_F(Threshold, AKeyWithTwoIdsCountsOnce) {
  keys["alias"] = keys[ids[0]];
  signatures.push_back(signatures[0]);
  signatures.back().key_id = "alias";
  EXPECT_EQ(count({{ids[0], "alias"}, 2}), too_few(1, 2));
  // Nor in another spelling.
  keys["alias"].type = "ecdsa-sha2-nistp256";
  EXPECT_EQ(count({{ids[0], "alias"}, 2}), too_few(1, 2));
  EXPECT_EQ(count({{"alias"}, 1}), "ok");
}

TEST_F(Threshold, AKeyThatCannotBeUsedCountsAsNone) {
  keys[ids[0]].scheme = "of tomorrow";
  EXPECT_EQ(count({ids, 2}), "ok");
  EXPECT_EQ(count({ids, 3}), too_few(2, 3));
}

// An id need not be the hash of its key (Sigstore's root 11 has one that is not).
TEST_F(Threshold, IdsAreOnlyNames) {
  keys["mine"] = keys[ids[0]];
  signatures[0].key_id = "mine";
  EXPECT_EQ(count({{"mine"}, 1}), "ok");
}

}  // namespace
}  // namespace sigstore::tuf
