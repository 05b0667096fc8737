#include "sigstore/crypto/x509/sct.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/crypto/x509/testing/issue.h"
#include "sigstore/crypto/x509/testing/vectors.h"

namespace sigstore::crypto::x509 {
namespace {

namespace der = codec::der;

PrivateKey& key_of(KeyType type) {
  static PrivateKey p256 = PrivateKey::generate(KeyType::ecdsa_p256).value();
  static PrivateKey p384 = PrivateKey::generate(KeyType::ecdsa_p384).value();
  static PrivateKey ed25519 = PrivateKey::generate(KeyType::ed25519).value();
  static PrivateKey rsa = PrivateKey::generate(KeyType::rsa).value();
  switch (type) {
    case KeyType::ecdsa_p384:
      return p384;
    case KeyType::ed25519:
      return ed25519;
    case KeyType::rsa:
      return rsa;
    default:
      return p256;
  }
}
PrivateKey& log() {
  return key_of(KeyType::ecdsa_p384);
}
PrivateKey& ca_key() {
  return key_of(KeyType::ecdsa_p256);
}

// The algorithms as TLS numbers them.
Sct unsigned_sct(const PublicKey& key) {
  Sct sct;
  sct.log_id = sha256(key.spki());
  sct.milliseconds = 1675209600123;
  sct.at = Time(std::chrono::milliseconds(sct.milliseconds));
  sct.hash = key.type() == KeyType::ed25519 ? 8 : key.type() == KeyType::ecdsa_p384 ? 5 : 4;
  sct.signature_algorithm = key.type() == KeyType::ed25519 ? 7 : key.type() == KeyType::rsa ? 1 : 3;
  return sct;
}

Bytes sign(PrivateKey& key, const Bytes& data) {
  return key.sign(key.public_key().schemes().front(), data).value();
}

Certificate issuer() {
  return testing::issue(testing::ca("ca", "ca"), ca_key().public_key(), ca_key());
}

Certificate leaf_with(const std::vector<Bytes>& extensions) {
  auto spec = testing::code_signer("ca");
  spec.extensions.insert(spec.extensions.begin() + 1, extensions.begin(), extensions.end());
  return testing::issue(spec, log().public_key(), ca_key());
}

Certificate leaf_with_list(const Bytes& list) {
  return leaf_with({testing::extension(sct_list_oid, false, list)});
}

// A leaf with SCTs of these, signed over the leaf without them, as a CA and its log make it.
Certificate leaf_with_scts(std::vector<Sct> scts, PrivateKey& signer) {
  const auto without = leaf_with({});
  const Bytes tbs(without.tbs().begin(), without.tbs().end());
  for (auto& sct : scts) sct.signature = sign(signer, signed_data_embedded(sct, tbs, issuer().spki()));
  return leaf_with_list(encode_sct_list(scts));
}

Sct any_sct() {
  Sct sct = unsigned_sct(log().public_key());
  sct.extensions = {0, 1, 2};
  sct.signature = {0x30, 0x00};
  return sct;
}

TEST(Sct, IsWrittenAndRead) {
  const Bytes bytes = encode_sct(any_sct());
  EXPECT_EQ(codec::hex::encode(BytesView(bytes).subspan(33)),
            "000001860a45ec7b"
            "0003000102"
            "0503"
            "00023000");
  const auto read = parse_sct(bytes);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, any_sct());
}

TEST(Sct, RefusesEveryCutAndAppendix) {
  Bytes bytes = encode_sct(any_sct());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = parse_sct(BytesView(bytes).first(size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().text(), "not a valid signed certificate timestamp: it is cut short") << size;
  }
  bytes.push_back(0);
  EXPECT_EQ(parse_sct(bytes).error().cause, "1 bytes are left over");
}

TEST(Sct, RefusesOtherVersionsAndTimes) {
  Bytes bytes = encode_sct(any_sct());
  bytes[0] = 1;
  EXPECT_EQ(parse_sct(bytes).error().code, Code::unsupported);
  EXPECT_EQ(parse_sct(bytes).error().cause, "version 2 of RFC 6962, of which version 1 is known");
  bytes[0] = 0;
  bytes[33] = 0xff;
  EXPECT_EQ(parse_sct(bytes).error().cause, "its time is beyond the year 2261");
}

TEST(Sct, IsReadDetached) {
  const Sct sct = any_sct();
  const Bytes tls = encode_sct(sct);
  const Bytes tail = Bytes(tls.end() - 6, tls.end());  // the digitally signed struct
  const std::string json = R"({"sct_version":0,"id":")" + codec::base64::encode(sct.log_id) +
                           R"(","timestamp":1675209600123,"extensions":"AAEC","signature":")" +
                           codec::base64::encode(tail) + "\"}\n";
  EXPECT_EQ(read_detached_sct(json, "sct.json"), sct);
  EXPECT_EQ(read_detached_sct(as_text(tls), "sct"), sct);
  EXPECT_EQ(read_detached_sct(codec::base64::encode(tls) + "\n", "sct"), sct);
}

TEST(Sct, RefusesDetachedOnesThatAreBroken) {
  const auto error = [](std::string_view text) { return read_detached_sct(text, "f").error(); };
  EXPECT_EQ(error("").text(), "f is not a signed certificate timestamp: it is empty");
  EXPECT_EQ(error(" \n").code, Code::malformed);
  EXPECT_EQ(error("hello").code, Code::malformed);
  EXPECT_EQ(error("{").code, Code::malformed);
  EXPECT_EQ(error("{}").text(),
            "f is not a signed certificate timestamp: sct_version is missing, or no number");
  EXPECT_EQ(
      error(std::string_view("\0", 1)).text(),
      "f is not a signed certificate timestamp: not a valid signed certificate timestamp: it is cut short");
  EXPECT_EQ(error(std::string(limits::certificate_bytes + 1, 'A')).code, Code::too_large);
  const std::string id = codec::base64::encode(Bytes(32));
  const auto with = [&](const std::string& version, const std::string& log, const std::string& time,
                        const std::string& extensions, const std::string& signature) {
    return error(R"({"sct_version":)" + version + R"(,"id":")" + log + R"(","timestamp":)" + time +
                 R"(,"extensions":)" + extensions + R"(,"signature":)" + signature + "}")
        .cause;
  };
  EXPECT_EQ(with("256", id, "1", "\"\"", "\"\""), "sct_version is too large");
  EXPECT_EQ(with("-1", id, "1", "\"\"", "\"\""), "sct_version is not a whole number");
  EXPECT_EQ(with("0", "AAAA", "1", "\"\"", "\"\""), "id is not 32 bytes");
  EXPECT_EQ(with("0", "*", "1", "\"\"", "\"\""), "id is not base64");
  EXPECT_EQ(with("0", id, "1.5", "\"\"", "\"\""), "timestamp is not a whole number");
  EXPECT_EQ(with("0", id, "18446744073709551616", "\"\"", "\"\""), "timestamp is not a whole number");
  EXPECT_EQ(with("0", id, "\"1\"", "\"\"", "\"\""), "timestamp is missing, or no number");
  EXPECT_EQ(with("0", id, "1", "1", "\"\""), "extensions is missing, or no text");
  EXPECT_EQ(with("0", id, "1", "\"\"", "\"BAM=\""),
            "not a valid signed certificate timestamp: it is cut short");
}

TEST(Sct, ListsThoseOfACertificate) {
  EXPECT_TRUE(embedded_scts(leaf_with({}))->empty());
  EXPECT_EQ(embedded_scts(leaf_with_list(encode_sct_list({any_sct(), any_sct()})))->size(), 2U);
  const std::vector<Sct> many(limits::scts, any_sct());
  EXPECT_EQ(embedded_scts(leaf_with_list(encode_sct_list(many)))->size(), limits::scts);
}

TEST(Sct, RefusesBrokenLists) {
  const auto error = [](const Bytes& list) { return embedded_scts(leaf_with_list(list)).error(); };
  EXPECT_EQ(error(encode_sct_list({})).cause, "the list in the certificate is empty");
  EXPECT_EQ(error({}).code, Code::malformed);
  EXPECT_EQ(error({0x04, 0x00}).cause, "it is cut short");
  EXPECT_EQ(error({0x04, 0x02, 0x00, 0x01}).cause, "it is cut short");
  EXPECT_EQ(error({0x04, 0x03, 0x00, 0x00, 0x00}).cause, "1 bytes are left over");
  EXPECT_EQ(error({0x05, 0x00}).cause, "not valid DER: tag 5 stands where 4 must");
  Bytes longer = encode_sct_list({any_sct()});
  longer.push_back(0);
  EXPECT_EQ(error(longer).cause, "not valid DER: 1 bytes are left over");
  EXPECT_EQ(error(encode_sct_list(std::vector<Sct>(limits::scts + 1, any_sct()))).code, Code::too_large);
}

TEST(Sct, IsTakenOutOfTheCertificate) {
  for (const std::size_t count : {1, 2, 32}) {  // lengths of one, two and more octets change
    const std::vector<Sct> scts(count, any_sct());
    const auto tbs = precertificate_tbs(leaf_with_list(encode_sct_list(scts)));
    ASSERT_TRUE(tbs) << tbs.error().text();
    const auto without = leaf_with({});
    EXPECT_EQ(*tbs, Bytes(without.tbs().begin(), without.tbs().end())) << count;
  }
  EXPECT_EQ(precertificate_tbs(leaf_with({})).error().code, Code::not_found);
}

TEST(Sct, TakesAnEmptyListOfExtensionsOutToo) {
  testing::Spec spec;
  spec.issuer = "ca";
  const auto without = testing::issue(spec, log().public_key(), ca_key());
  spec.extensions = {testing::extension(sct_list_oid, false, encode_sct_list({any_sct()}))};
  const auto tbs = precertificate_tbs(testing::issue(spec, log().public_key(), ca_key()));
  EXPECT_EQ(*tbs, Bytes(without.tbs().begin(), without.tbs().end()));
}

class SctOfKey : public ::testing::TestWithParam<KeyType> {};

TEST_P(SctOfKey, IsVerified) {
  auto& key = key_of(GetParam());
  const Sct sct = unsigned_sct(key.public_key());
  Sct extended = sct;
  extended.extensions = {9, 9};
  const auto leaf = leaf_with_scts({sct, extended}, key);
  const auto list = embedded_scts(leaf).value();
  EXPECT_EQ(list.size(), 2U);
  for (const auto& embedded : list) {
    const auto verified = verify_embedded(embedded, leaf, issuer(), key.public_key());
    EXPECT_TRUE(verified) << verified.error().text();
    Sct other = embedded;
    other.milliseconds += 1;
    EXPECT_EQ(verify_embedded(other, leaf, issuer(), key.public_key()).error().code, Code::bad_signature);
    other = embedded;
    other.extensions.push_back(1);
    EXPECT_EQ(verify_embedded(other, leaf, issuer(), key.public_key()).error().code, Code::bad_signature);
    // A promise for the certificate is none for its precertificate, and the other way round.
    EXPECT_EQ(verify_detached(embedded, leaf, key.public_key()).error().code, Code::bad_signature);
  }
  Sct detached = sct;
  detached.signature = sign(key, signed_data_detached(sct, leaf));
  EXPECT_TRUE(verify_detached(detached, leaf, key.public_key()));
  EXPECT_EQ(verify_detached(detached, issuer(), key.public_key()).error().code, Code::bad_signature);
}

INSTANTIATE_TEST_SUITE_P(Keys, SctOfKey,
                         ::testing::Values(KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::rsa,
                                           KeyType::ed25519));

TEST(Sct, RefusesAnotherIssuerLogOrAlgorithm) {
  const Sct sct = unsigned_sct(log().public_key());
  const auto leaf = leaf_with_scts({sct}, log());
  const Sct embedded = embedded_scts(leaf)->front();
  EXPECT_TRUE(verify_embedded(embedded, leaf, issuer(), log().public_key()));

  const auto other_issuer = testing::issue(testing::ca("ca", "ca"), log().public_key(), log());
  EXPECT_EQ(verify_embedded(embedded, leaf, other_issuer, log().public_key()).error().code,
            Code::bad_signature);

  const auto other_log = verify_embedded(embedded, leaf, issuer(), ca_key().public_key());
  EXPECT_EQ(other_log.error().code, Code::mismatch);
  EXPECT_EQ(other_log.error().message, "the signed certificate timestamp is by another log");

  for (const auto& [hash, algorithm] :
       std::vector<std::pair<int, int>>{{2, 3}, {8, 3}, {5, 1}, {5, 7}, {8, 7}, {0, 0}}) {
    Sct odd = embedded;
    odd.hash = static_cast<std::uint8_t>(hash);
    odd.signature_algorithm = static_cast<std::uint8_t>(algorithm);
    EXPECT_EQ(verify_embedded(odd, leaf, issuer(), log().public_key()).error().code, Code::unsupported);
  }
  EXPECT_EQ(verify_embedded(embedded, leaf_with({}), issuer(), log().public_key()).error().code,
            Code::not_found);
}

// The certificates of Fulcio, with the keys of its logs.
TEST(Sct, VerifiesThoseOfTheVectors) {
  const auto vectors = testing::bundle_vectors();
  if (!vectors) GTEST_SKIP() << "SIGSTORE_VECTORS is not set";
  std::size_t verified = 0, extended = 0;
  for (const auto& folder : testing::bundle_cases(*vectors)) {
    const auto one = testing::read_case(*vectors, folder);
    if (!one) continue;
    const auto certificates = testing::certificates_in(one->bundle);
    if (certificates.empty()) continue;
    const auto scts = embedded_scts(certificates.front());
    ASSERT_TRUE(scts) << folder << ": " << scts.error().text();
    for (const auto& sct : *scts) {
      EXPECT_EQ(parse_sct(encode_sct(sct)), sct);
      for (const auto& bytes : testing::raw_bytes(*one->root.get("ctlogs"))) {
        const auto key = PublicKey::from_spki(bytes);
        if (!key || sha256(key->spki()) != sct.log_id) continue;
        for (const auto& ca : testing::certificates_in(*one->root.get("certificateAuthorities"))) {
          if (!std::ranges::equal(ca.subject_name(), certificates.front().issuer_name())) continue;
          const auto good = verify_embedded(sct, certificates.front(), ca, *key);
          EXPECT_TRUE(good) << folder << ": " << good.error().text();
          ++verified;
          extended += sct.extensions.empty() ? 0 : 1;
        }
      }
    }
  }
  EXPECT_GT(verified, 20U);
  EXPECT_GT(extended, 0U);
}

}  // namespace
}  // namespace sigstore::crypto::x509
