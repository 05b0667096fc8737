#include "sigstore/timestamp/token.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/der.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/timestamp/internal/tst_info.h"

namespace sigstore::timestamp {
namespace {

namespace der = codec::der;
using crypto::HashAlgorithm;

// Written by `openssl ts`: testdata/openssl/make.
Bytes made(const std::string& name) {
  return to_bytes(fakes::read_testdata(TESTDATA "/openssl/" + name));
}

Error refusal(BytesView bytes) {
  const auto token = Token::parse(bytes);
  EXPECT_FALSE(token);
  return token ? Error{} : token.error();
}

TEST(Token, SaysWhatTheAuthoritySays) {
  const auto token = Token::parse(made("p256.tsr"));
  ASSERT_TRUE(token) << token.error().text();
  EXPECT_EQ(codec::rfc3339::seconds(token->time()), "2026-11-29T02:00:34Z");
  EXPECT_EQ(token->algorithm(), HashAlgorithm::sha256);
  EXPECT_EQ(token->imprint(), crypto::sha256(made("message")));
  EXPECT_EQ(token->policy(), "1.3.6.1.4.1.57264.2");
  EXPECT_EQ(token->serial(), Bytes{2});
  ASSERT_TRUE(token->nonce());
  EXPECT_GE(token->nonce()->size(), 7U);
  EXPECT_EQ(token->accuracy(), Duration(1'500'100'000));
  ASSERT_EQ(token->certificates().size(),
            2U);  // as they stand there: sorted, the authority's root first or last
}

TEST(Token, IsReadWithoutTheResponseAroundIt) {
  const auto bare = Token::parse(made("p256.token")), whole = Token::parse(made("p256.tsr"));
  ASSERT_TRUE(bare) << bare.error().text();
  EXPECT_EQ(bare->imprint(), whole->imprint());
  EXPECT_EQ(bare->nonce(), whole->nonce());
}

TEST(Token, HasNoNonceAndNoCertificateUnlessAsked) {
  const auto token = Token::parse(made("p256-without.tsr"));
  ASSERT_TRUE(token) << token.error().text();
  EXPECT_FALSE(token->nonce());
  EXPECT_TRUE(token->certificates().empty());
}

TEST(Token, EachDigestAndKey) {
  const std::pair<const char*, HashAlgorithm> cases[] = {{"p384.tsr", HashAlgorithm::sha384},
                                                         {"p384-sha256.tsr", HashAlgorithm::sha512},
                                                         {"p521.tsr", HashAlgorithm::sha512},
                                                         {"rsa-sha1-name.tsr", HashAlgorithm::sha256},
                                                         {"rsa-fraction.tsr", HashAlgorithm::sha512}};
  for (const auto& [file, algorithm] : cases) {
    const auto token = Token::parse(made(file));
    ASSERT_TRUE(token) << file << ": " << token.error().text();
    EXPECT_EQ(token->algorithm(), algorithm) << file;
    EXPECT_EQ(token->imprint(), crypto::hash(algorithm, made("message"))) << file;
  }
}

TEST(Token, HasFractionsOfASecond) {
  const auto token = Token::parse(made("rsa-fraction.tsr"));
  ASSERT_TRUE(token);
  EXPECT_EQ(codec::rfc3339::milliseconds(token->time()), "2026-11-29T02:00:36.136Z");
  EXPECT_EQ(token->policy(), "1.2.3.4");
}

TEST(Token, OfSha1IsRefused) {
  const auto error = refusal(made("sha1-imprint.tsr"));
  EXPECT_EQ(error.code, Code::unsupported);
  EXPECT_EQ(error.message, "the digest algorithm SHA-1 is not supported");
}

TEST(Token, ARefusalSaysWhatTheAuthoritySaid) {
  const auto error = refusal(made("refused.tsr"));
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.message, "the timestamp authority refused: status 2");
  EXPECT_EQ(error.cause, "Requested policy is not supported.");
}

TEST(Token, WhatAnAuthoritySaysIsPrintable) {
  const Bytes text = der::encode(der::utf8_string, as_bytes("no\x1b[31m\nway"));
  const Bytes status =
      der::encode(der::sequence, {der::encode_unsigned(2), der::encode(der::sequence, BytesView(text))});
  const auto error = refusal(der::encode(der::sequence, BytesView(status)));
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.cause.find_first_of("\x1b\n"), std::string::npos);
}

TEST(Token, AGrantWithoutATokenIsNone) {
  const Bytes status = der::encode(der::sequence, BytesView(der::encode_unsigned(0)));
  const auto error = refusal(der::encode(der::sequence, BytesView(status)));
  EXPECT_EQ(error.code, Code::malformed);
  EXPECT_EQ(error.text(), "not a timestamp token: the response has none in it");
}

TEST(Token, AStatusIsWhole) {
  const Bytes token = made("p256.token");
  const auto answer = [&](const std::vector<Bytes>& status) {
    return Token::parse(der::encode(der::sequence, {der::encode(der::sequence, status), token}));
  };
  const Bytes zero = der::encode_unsigned(std::uint64_t{0}), one = der::encode_unsigned(std::uint64_t{1});
  const Bytes words = der::encode(der::sequence, BytesView(der::encode(der::utf8_string, as_bytes("fine"))));
  EXPECT_TRUE(answer({zero}));
  EXPECT_TRUE(answer({one, words, der::encode_named_bits(1)}));  // granted with modifications
  EXPECT_EQ(answer({zero, zero}).error().text(),
            "not a timestamp token: not valid DER: 3 bytes are left over");
  EXPECT_EQ(answer({}).error().code, Code::malformed);
  EXPECT_EQ(answer({{der::integer, 1, 0xFF}}).error().code, Code::malformed);
  EXPECT_EQ(answer({der::encode_unsigned(std::uint64_t{300})}).error().message,
            "the timestamp authority refused: status unknown");
}

TEST(Token, OtherThingsAreNone) {
  for (const Bytes& bytes :
       {Bytes{}, to_bytes("hello"), Bytes{0x30, 0x00}, made("query.tsq"),
        der::encode(der::sequence, BytesView(der::encode_oid("1.2.840.113549.1.7.1")))}) {
    const auto error = refusal(bytes);
    EXPECT_EQ(error.code, Code::malformed) << codec::hex::encode(bytes);
    EXPECT_EQ(error.message, "not a timestamp token");
    EXPECT_FALSE(error.cause.empty());
  }
}

TEST(Token, IsBounded) {
  EXPECT_EQ(refusal(Bytes(limits::timestamp_bytes + 1)).code, Code::too_large);
}

TEST(Token, IsRefusedWhenAnythingIsCutOffOrFollows) {
  const Bytes whole = made("p256.tsr");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(refusal(BytesView(whole).first(size)).code, Code::malformed) << size;
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(refusal(longer).code, Code::malformed);
}

TEST(Token, BerIsRefused) {  // an indefinite length around it all, as some authorities write it
  const Bytes whole = made("p256.token");
  Bytes ber{0x30, 0x80};
  der::Reader reader(whole);
  const auto content = reader.next().value().content;
  ber.insert(ber.end(), content.begin(), content.end());
  ber.insert(ber.end(), {0, 0});
  EXPECT_EQ(refusal(ber).text(), "not a timestamp token: not valid DER: indefinite length");
}

// --- times

Result<Time> time_of(std::string_view text) {
  return internal::read_generalized_time(as_bytes(text));
}

TEST(GeneralizedTime, ReadsSecondsAndFractions) {
  EXPECT_EQ(codec::rfc3339::seconds(time_of("20260724010203Z").value()), "2026-07-24T01:02:03Z");
  EXPECT_EQ(time_of("20260724010203.5Z").value() - time_of("20260724010203Z").value(),
            std::chrono::milliseconds(500));
  EXPECT_EQ(time_of("20260724010203.000000001Z").value() - time_of("20260724010203Z").value(),
            std::chrono::nanoseconds(1));
  EXPECT_EQ(time_of("20240229000000Z").value() - time_of("20240228000000Z").value(), std::chrono::hours(24));
}

TEST(GeneralizedTime, RefusesOtherForms) {
  for (const char* text : {"",
                           "Z",
                           "20260724010203",
                           "2026072401020Z",
                           "202607240102Z",
                           "20260724010203.Z",
                           "20260724010203.50Z",
                           "20260724010203.0Z",
                           "20260724010203,5Z",
                           "20260724010203+0000",
                           "20260724010203.5",
                           "260724010203Z",
                           "20261324010203Z",
                           "20260230000000Z",
                           "20260724240000Z",
                           "20260724006000Z",
                           "20260724000060Z",
                           "2026072401020aZ",
                           "20260724010203.aZ",
                           "20260724010203ZZ",
                           "-0260724010203Z",
                           "20260724010203.5.5Z"}) {
    const auto time = time_of(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Code::malformed) << text;
  }
}

TEST(GeneralizedTime, BeyondWhatATimeHolds) {
  EXPECT_EQ(time_of("99991231235959Z").error().code, Code::unsupported);
  EXPECT_EQ(time_of("16000101000000Z").error().code, Code::unsupported);
}

}  // namespace
}  // namespace sigstore::timestamp
