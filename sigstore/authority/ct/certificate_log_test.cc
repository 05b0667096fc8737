#include "sigstore/authority/ct/certificate_log.h"

#include <gtest/gtest.h>

#include "sigstore/authority/ca/profile.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::authority::ct {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::x509::Certificate;
using crypto::x509::Sct;

Time at(std::string_view text) {
  return codec::rfc3339::parse(text).value();
}

class CtTest : public ::testing::Test {
 protected:
  ca::Holder holder(const PrivateKey& key, std::uint8_t serial) {
    return {key.public_key().spki(), {at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")}, {serial}};
  }
  CtTest() {
    const auto made = ca::root(holder(ca_key_, 1), ca::make_name("test", "root"));
    issuer_ = ca::issuer_of(made, ca_key_);
    root_ = Certificate::parse(ca::issue(made, issuer_).value()).value();
    leaf_ = ca::code_signing(holder(leaf_key_, 2),
                             {{crypto::x509::GeneralName::Kind::email, "a@b"}, "https://i", {}}, issuer_);
  }
  Certificate issue(const std::vector<ca::CertificateLog>& logs) {
    return Certificate::parse(ca::issue_logged(leaf_, issuer_, logs).value()).value();
  }
  ca::CertificateLog log(PrivateKey& key) {
    return [&key](BytesView tbs, BytesView issuer_spki) {
      return promise_precertificate(key, tbs, issuer_spki, at("2026-06-01T12:00:00.1239Z"));
    };
  }

  PrivateKey ca_key_ = PrivateKey::generate(KeyType::ecdsa_p256).value();
  PrivateKey leaf_key_ = PrivateKey::generate(KeyType::ecdsa_p256).value();
  PrivateKey log_key_ = PrivateKey::generate(KeyType::ecdsa_p256).value();
  PrivateKey other_key_ = PrivateKey::generate(KeyType::rsa).value();
  ca::Issuer issuer_;
  std::optional<Certificate> root_;
  ca::CertificateTemplate leaf_;
};

TEST_F(CtTest, PromisesStandInTheCertificateThatTheyAreFor) {
  const auto leaf = issue({log(log_key_), log(other_key_)});
  const auto scts = crypto::x509::embedded_scts(leaf).value();
  ASSERT_EQ(scts.size(), 2U);
  EXPECT_EQ(scts[0].log_id, crypto::sha256(log_key_.public_key().spki()));
  EXPECT_EQ(scts[0].milliseconds, 1780315200123U);
  EXPECT_EQ(scts[0].at, at("2026-06-01T12:00:00.123Z"));
  EXPECT_TRUE(crypto::x509::verify_embedded(scts[0], leaf, *root_, log_key_.public_key()));
  EXPECT_TRUE(crypto::x509::verify_embedded(scts[1], leaf, *root_, other_key_.public_key()));
  leaf_.serial = {3};
  const auto another = issue({});
  EXPECT_FALSE(crypto::x509::verify_embedded(scts[0], another, *root_, log_key_.public_key()));
}

TEST_F(CtTest, PromisesBesideACertificate) {
  const auto leaf = issue({});
  const Sct sct = promise_certificate(log_key_, leaf, at("2026-06-01T12:00:00Z")).value();
  EXPECT_TRUE(crypto::x509::verify_detached(sct, leaf, log_key_.public_key()));
  EXPECT_FALSE(crypto::x509::verify_detached(sct, *root_, log_key_.public_key()));
}

TEST_F(CtTest, KeysThatRfc6962DoesNotKnowAreRefused) {
  auto key = PrivateKey::generate(KeyType::ed25519).value();
  const auto made = promise_precertificate(key, Bytes{}, Bytes{}, {});
  EXPECT_EQ(made.error(),
            (Error{Code::unsupported, "a log of certificates has a P-256 or RSA key, no ed25519", "", ""}));
  EXPECT_EQ(ca::issue_logged(leaf_, issuer_, {log(key)}).error().code, Code::unsupported);
}

}  // namespace
}  // namespace sigstore::authority::ct
