#include "cosign/attaching/given.h"

#include <gtest/gtest.h>

#include "sigstore/codec/base64.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::oci::Digest;
using sigstore::store::Format;

const Digest image = Digest::sha256("image");

std::string base64(const std::string& text) {
  return sigstore::codec::base64::encode(sigstore::as_bytes(text));
}
std::string statement(const Digest& subject) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" +
         std::string(subject.hex()) + R"("}}],"predicateType":"https://example.com/p","predicate":{}})";
}
std::string envelope(const std::string& payload, const std::string& signatures) {
  return R"({"payloadType":"application/vnd.in-toto+json","payload":")" + base64(payload) +
         R"(","signatures":[)" + signatures + "]}";
}
std::string bundle(const std::string& payload) {
  return R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{}},"dsseEnvelope":)" +
         envelope(payload, R"({"sig":"AAAA"})") + "}";
}

TEST(Given, AnEnvelopeWithItsSignatures) {
  const auto read = read_attestations(
      envelope(statement(image), R"({"sig":"AAAA","keyid":"k"},{"sig":"AAAB"})"), "f", image);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().format, Format::envelope);
  EXPECT_EQ(read->front().bundles.size(), 2U);
  EXPECT_EQ(read->front().envelope,
            envelope(statement(image), R"({"keyid":"k","sig":"AAAA"},{"keyid":"","sig":"AAAB"})"));
}

TEST(Given, BundlesAndEnvelopesOneBehindTheOther) {
  const auto read = read_attestations(
      bundle(statement(image)) + "\n" + envelope(statement(image), R"({"sig":"AAAA"})") + "\n", "f", image);
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].format, Format::bundle);
  EXPECT_TRUE((*read)[0].envelope.empty());
  EXPECT_EQ((*read)[1].format, Format::envelope);
}

TEST(Given, AboutSomethingElse) {
  const std::string other = statement(Digest::sha256("other"));
  for (const std::string& text : {bundle(other), envelope(other, R"({"sig":"AAAA"})")}) {
    const auto read = read_attestations(envelope(statement(image), R"({"sig":"AAAA"})") + text, "f", image);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::mismatch);
    EXPECT_EQ(read.error().message, "cannot attach f, document 2");
  }
}

TEST(Given, WhatIsNoAttestation) {
  for (const std::string& text :
       {std::string("{}"), std::string("{"), std::string(), envelope("{}", R"({"sig":"AAAA"})"),
        envelope(statement(image), ""), envelope(statement(image), R"({"sig":""})")})
    EXPECT_EQ(read_attestations(text, "f", image).error().code, Code::malformed) << text;
}

}  // namespace
}  // namespace cosign
