#include "sigstore/authority/ca/certificate.h"

#include <gtest/gtest.h>

#include "sigstore/authority/ca/extension.h"
#include "sigstore/authority/ca/profile.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::authority::ca {
namespace {

namespace der = codec::der;
using crypto::KeyType;
using crypto::PrivateKey;
using crypto::Scheme;
using crypto::x509::GeneralName;

Time at(std::string_view text) {
  return codec::rfc3339::parse(text).value();
}
std::string hex(BytesView bytes) {
  return codec::hex::encode(bytes);
}
Holder holder(const crypto::Signer& key, std::uint8_t serial = 1) {
  return {key.public_key().spki(), {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")}, {serial}};
}

// The three parts of a certificate.
struct Parts {
  Bytes tbs, algorithm, signature;
};
Parts split(BytesView certificate) {
  der::Reader outer(certificate);
  auto inside = outer.enter(der::sequence).value();
  EXPECT_TRUE(outer.finish());
  Parts parts;
  const auto copy = [](BytesView bytes) { return Bytes(bytes.begin(), bytes.end()); };
  parts.tbs = copy(inside.expect(der::sequence).value().whole);
  parts.algorithm = copy(inside.expect(der::sequence).value().whole);
  parts.signature = copy(der::read_bit_string(inside.expect(der::bit_string).value().content).value());
  EXPECT_TRUE(inside.finish());
  return parts;
}

TEST(Ca, SignsWhatTheCertificateSays) {
  for (const auto type :
       {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type).value();
    const auto made = root(holder(key), make_name("test", "root"));
    const Issuer self = issuer_of(made, key);
    const auto parts = split(issue(made, self).value());
    EXPECT_EQ(parts.tbs, encode_tbs(made, self).value());
    const auto scheme = key.public_key().schemes().front();
    EXPECT_EQ(parts.algorithm, algorithm_identifier(scheme).value());
    EXPECT_TRUE(key.public_key().verify(scheme, parts.tbs, parts.signature)) << name(type);
  }
}

TEST(Ca, WritesEachFieldInItsPlace) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  auto made = root(holder(key, 0x80), make_name("test", "root"));
  made.validity.not_after = Time::max();
  const Bytes tbs = encode_tbs(made, issuer_of(made, key)).value();
  der::Reader outer(tbs);
  auto inside = outer.enter(der::sequence).value();
  EXPECT_EQ(hex(inside.next()->whole), "a003020102");
  EXPECT_EQ(hex(inside.next()->whole), "02020080");
  EXPECT_EQ(hex(inside.next()->whole), "300a06082a8648ce3d040302");
  const std::string name = "301e310d300b060355040a0c0474657374310d300b06035504030c04726f6f74";
  EXPECT_EQ(hex(inside.next()->whole), name);
  EXPECT_EQ(as_text(inside.next()->content),
            "\x17\x0d"
            "260101000000Z\x18\x0f"
            "99991231235959Z");
  EXPECT_EQ(hex(inside.next()->whole), name);
  EXPECT_EQ(hex(inside.next()->whole), hex(key.public_key().spki()));
  EXPECT_EQ(inside.next()->tag, 0xA3);
  EXPECT_TRUE(inside.finish());
}

TEST(Ca, TemplatesCanBeMadeWrongInEveryField) {
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  auto made = root(holder(key), make_name("test", "root"));
  const Issuer self = issuer_of(made, key);
  made.version = 1;
  made.issuer = encode(make_name("", "another"));
  made.stated_scheme = Scheme::ecdsa_sha384;
  made.signature = Bytes{1, 2, 3};
  const auto parts = split(issue(made, self).value());
  der::Reader outer(parts.tbs);
  auto inside = outer.enter(der::sequence).value();
  EXPECT_EQ(hex(inside.next()->whole), "020101");
  EXPECT_EQ(hex(inside.next()->whole), "300a06082a8648ce3d040303");
  EXPECT_EQ(hex(inside.next()->whole), "30123110300e06035504030c07616e6f74686572");
  EXPECT_EQ(hex(parts.algorithm), "300a06082a8648ce3d040302");
  EXPECT_EQ(hex(parts.signature), "010203");

  made.extensions.push_back(basic_constraints(false));
  EXPECT_TRUE(made.find(oid::basic_constraints)->critical);
  made.set(basic_constraints(true, 3, false));
  EXPECT_EQ(hex(made.find(oid::basic_constraints)->value), "30060101ff020103");
  made.remove(oid::basic_constraints);
  EXPECT_EQ(made.find(oid::basic_constraints), nullptr);
  made.extensions.clear();
  EXPECT_EQ(split(issue(made, self).value()).tbs.back(), made.spki.back());
}

TEST(Ca, ErrorsAreTheSigners) {
  auto key = PrivateKey::generate(KeyType::ed25519).value();
  const auto made = root(holder(key), make_name("test", "root"));
  Issuer self = issuer_of(made, key);
  self.scheme = Scheme::ed25519ph;
  EXPECT_EQ(issue(made, self).error(),
            (Error{Code::unsupported, "certificates are not signed by ed25519ph", "", ""}));
  self.scheme = Scheme::ecdsa_sha256;
  EXPECT_EQ(issue(made, self).error().code, Code::invalid_argument);
}

TEST(Ca, WritesExtensions) {
  EXPECT_EQ(hex(basic_constraints(false).value), "3000");
  EXPECT_EQ(hex(basic_constraints(true, 0).value), "30060101ff020100");
  EXPECT_EQ(hex(key_usage(digital_signature).value), "03020780");
  EXPECT_EQ(hex(extended_key_usage({crypto::x509::code_signing}).value), "300a06082b06010505070303");
  EXPECT_EQ(hex(subject_key_id(Bytes{1, 2}).value), "04020102");
  EXPECT_EQ(hex(authority_key_id(Bytes{1, 2}).value), "300480020102");
  EXPECT_EQ(precertificate_poison(), (Extension{"1.3.6.1.4.1.11129.2.4.3", true, {5, 0}}));
  EXPECT_EQ(fulcio_claim(1, "ab"), (Extension{"1.3.6.1.4.1.57264.1.1", false, {'a', 'b'}}));
  EXPECT_EQ(fulcio_claim(8, "ab"), (Extension{"1.3.6.1.4.1.57264.1.8", false, {0x0C, 2, 'a', 'b'}}));
}

TEST(Ca, WritesAlternativeNames) {
  using Kind = GeneralName::Kind;
  EXPECT_EQ(hex(encode(GeneralName{Kind::email, "a@b"})), "8103614062");
  EXPECT_EQ(hex(encode(GeneralName{Kind::dns, "a.b"})), "8203612e62");
  EXPECT_EQ(hex(encode(GeneralName{Kind::uri, "a:b"})), "8603613a62");
  EXPECT_EQ(hex(encode(GeneralName{Kind::ip, "127.0.0.1"})), "87047f000001");
  EXPECT_EQ(hex(encode(GeneralName{Kind::ip, "::1"})), "871000000000000000000000000000000001");
  EXPECT_EQ(hex(encode(GeneralName{Kind::ip, "abc"})), "8703616263");
  EXPECT_EQ(hex(encode(GeneralName{Kind::other, "u"})), "a011060a2b0601040183bf300107a0030c0175");
  EXPECT_EQ(hex(subject_alternative_name({encode(GeneralName{Kind::uri, "a:b"})}).value), "30058603613a62");
}

TEST(Ca, IssuesAsFulcioDoes) {
  auto root_key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  auto leaf_key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  const Issuer issuer = issuer_of(root(holder(root_key), make_name("test", "root")), root_key);
  auto leaf = code_signing(holder(leaf_key, 7),
                           {{GeneralName::Kind::email, "a@b.c"}, "https://i", {{9, "x"}}}, issuer);
  EXPECT_EQ(hex(leaf.subject), "3000");
  std::string oids;
  for (const auto& extension : leaf.extensions) oids += extension.oid + (extension.critical ? "! " : " ");
  EXPECT_EQ(oids,
            "2.5.29.15! 2.5.29.37 2.5.29.14 2.5.29.35 2.5.29.17! 1.3.6.1.4.1.57264.1.1 "
            "1.3.6.1.4.1.57264.1.8 1.3.6.1.4.1.57264.1.9 ");
  const auto plain = split(issue_precertificate(leaf, issuer).value());
  EXPECT_TRUE(root_key.public_key().verify(Scheme::ecdsa_sha256, plain.tbs, plain.signature));
  const auto stamping = time_stamping(holder(leaf_key), make_name("test", "tsa"), issuer);
  EXPECT_EQ(stamping.extensions[1], extended_key_usage({crypto::x509::time_stamping}, true));
}

TEST(Ca, IssuesByACertificateThatIsThere) {
  using crypto::x509::Certificate;
  auto key = PrivateKey::generate(KeyType::ecdsa_p256).value();
  auto other = PrivateKey::generate(KeyType::ecdsa_p256).value();
  auto made = root(holder(key), make_name("test", "root"));
  made.set(subject_key_id(Bytes{1, 2, 3}));
  const Issuer self = issuer_of(made, key);
  const auto ca = Certificate::parse(issue(made, self).value()).value();
  const auto issuer = issuer_of(ca, key).value();
  EXPECT_EQ(issuer.name, self.name);
  EXPECT_EQ(issuer.key_id, (Bytes{1, 2, 3}));
  EXPECT_EQ(
      issuer_of(ca, other).error(),
      (Error{Code::mismatch, "the certificate of O=test, CN=root is for another key than this one", "", ""}));
  const auto leaf = time_stamping(holder(other), make_name("", "tsa"), issuer);
  EXPECT_EQ(issuer_of(Certificate::parse(issue(leaf, issuer).value()).value(), other).error(),
            (Error{Code::mismatch, "the certificate of CN=tsa is no authority's", "", ""}));
}

TEST(Ca, NumbersCertificatesAtRandom) {
  sigstore::fakes::SeededRandom random(1);
  const Bytes one = random_serial(random), other = random_serial(random);
  EXPECT_EQ(one.size(), 20U);
  EXPECT_LT(one[0], 0x80);
  EXPECT_NE(one, other);
  EXPECT_TRUE(key_identifier(as_bytes("no key")).empty());
}

}  // namespace
}  // namespace sigstore::authority::ca
