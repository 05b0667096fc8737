// Tokens of openssl's authority, judged.
#include <gtest/gtest.h>

#include "sigstore/base/testing/testdata.h"
#include "sigstore/timestamp/token.h"

namespace sigstore::timestamp {
namespace {

using crypto::x509::Certificate;

std::string made(const std::string& name) {
  return fakes::read_testdata(TESTDATA "/openssl/" + name);
}

Certificate certificate(const std::string& name) {
  return Certificate::parse_pem(made(name), name).value().front();
}

TimestampAuthority authority(std::optional<Certificate> leaf = {}, const std::string& root = "root.pem") {
  return {std::move(leaf), crypto::x509::Authority::from_chain({certificate(root)}).value()};
}

Result<Time> judge(const std::string& token, const TimestampAuthority& by,
                   const std::string& message = made("message")) {
  return verify(Token::parse(as_bytes(made(token))).value(), as_bytes(message), by);
}

TEST(TimestampVerify, ByTheCertificateThatIsInIt) {
  for (const char* token : {"p256.tsr", "p256.token", "p384.tsr", "p384-sha256.tsr", "p521.tsr",
                            "rsa-sha1-name.tsr", "rsa-fraction.tsr"}) {
    const auto time = judge(token, authority());
    ASSERT_TRUE(time) << token << ": " << time.error().text();
    EXPECT_EQ(*time, Token::parse(as_bytes(made(token)))->time());
  }
}

TEST(TimestampVerify, ByTheCertificateThatIsKnown) {
  EXPECT_TRUE(judge("p256.tsr", authority(certificate("p256.pem"))));
  EXPECT_TRUE(judge("p256-without.tsr", authority(certificate("p256.pem"))));
}

TEST(TimestampVerify, WithoutEitherItCannotBe) {
  const auto time = judge("p256-without.tsr", authority());
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().code, Code::mismatch);
  EXPECT_EQ(time.error().message,
            "the timestamp does not carry its signer's certificate, and it is not known");
}

TEST(TimestampVerify, ByAnotherCertificateOfTheSameAuthority) {
  const auto time = judge("p256.tsr", authority(certificate("rsa.pem")));
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().code, Code::mismatch);
  EXPECT_EQ(time.error().message, "the timestamp is not by this authority's certificate");
}

TEST(TimestampVerify, OfOtherBytes) {
  for (const std::string message : {"", "hello, time", "hello, time\n "}) {
    const auto time = judge("p256.tsr", authority(), message);
    ASSERT_FALSE(time);
    EXPECT_EQ(time.error().code, Code::mismatch);
    EXPECT_EQ(time.error().message, "the timestamp is about other bytes");
  }
}

TEST(TimestampVerify, AnEmbeddedCertificateIsNotTrustedByItself) {
  const auto time = judge("p256.tsr", authority({}, "p384.pem"));
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().code, Code::mismatch);
}

}  // namespace
}  // namespace sigstore::timestamp
