#include "sigstore/bundle/old_bundle.h"

#include <gtest/gtest.h>

#include "sigstore/bundle/log_entry.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/key.h"

namespace sigstore::bundle {
namespace {

const std::string log_id(64, 'a');

std::string base64(std::string_view text) {
  return codec::base64::encode(as_bytes(text));
}

std::string entry(const std::string& body = R"({"kind":"hashedrekord"})") {
  return R"({"SignedEntryTimestamp":"c2V0","Payload":{"body":")" + base64(body) +
         R"(","integratedTime":1700000000,"logIndex":123,"logID":")" + log_id + "\"}}";
}

TEST(OldBundle, WhatCosign2WroteWithoutALog) {
  const auto old = parse_old_bundle(R"({"base64Signature":"c2ln"})");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->signature, to_bytes("sig"));
  EXPECT_TRUE(old->certificates.empty() && old->public_key.empty() && !old->log_entry);
}

TEST(OldBundle, CertificateAndLogEntry) {
  const auto pem = codec::pem::encode("CERTIFICATE", to_bytes("der"));
  const auto old = parse_old_bundle(R"({"base64Signature":"c2ln","cert":")" + base64(pem) +
                                    R"(","rekorBundle":)" + entry() + "}");
  ASSERT_TRUE(old) << old.error().text();
  EXPECT_EQ(old->certificates, std::vector<Bytes>{to_bytes("der")});
  ASSERT_TRUE(old->log_entry);
  EXPECT_EQ(codec::json::write(old_rekor_bundle(*old->log_entry)), entry());
  EXPECT_EQ(message_bundle(*old)->evidence.tlog_entries, std::vector{*old->log_entry});
}

TEST(OldBundle, AKeyInThePlaceOfACertificateIsNone) {
  const auto pem = codec::pem::encode("PUBLIC KEY", to_bytes("spki"));
  const auto old = parse_old_bundle(R"({"base64Signature":"c2ln","cert":")" + base64(pem) + "\"}");
  ASSERT_TRUE(old);
  EXPECT_TRUE(old->certificates.empty());
  EXPECT_EQ(old->public_key, pem);
}

TEST(OldBundle, BecomesTheSignatureOfAFile) {
  const std::string written = write_old_bundle(to_bytes("sig"));
  EXPECT_EQ(written, R"({"base64Signature":"c2ln"})");
  const auto bundle = message_bundle(*parse_old_bundle(written));
  ASSERT_TRUE(bundle);
  EXPECT_EQ(bundle->signature, to_bytes("sig"));
  EXPECT_EQ(bundle->content, Content(MessageContent{}));
  EXPECT_EQ(bundle->key, KeyClaim{});
}

TEST(OldBundle, BecomesTheAttestationsOfAnEnvelope) {
  const std::string envelope = payload::write_envelope("type", "text", to_bytes("sig"));
  const auto bundles = envelope_bundles(*parse_old_bundle(write_old_bundle(as_bytes(envelope))));
  ASSERT_TRUE(bundles);
  ASSERT_EQ(bundles->size(), 1u);
  EXPECT_EQ(bundles->front().signature, to_bytes("sig"));
  EXPECT_EQ(bundles->front().content, Content(EnvelopeContent{"type", "text"}));
  EXPECT_EQ(envelope_bundles(*parse_old_bundle(write_old_bundle(to_bytes("sig")))).error().code,
            Code::malformed);
}

TEST(OldBundle, AKeyInItIsAHint) {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ed25519)->public_key();
  const auto text = R"({"base64Signature":"c2ln","cert":")" + base64(key.pem()) + "\"}";
  EXPECT_EQ(message_bundle(*parse_old_bundle(text))->key.hint, key.hint());
  const auto broken = codec::pem::encode("PUBLIC KEY", to_bytes("der"));
  EXPECT_EQ(
      message_bundle(*parse_old_bundle(R"({"base64Signature":"c2ln","cert":")" + base64(broken) + "\"}"))
          .error()
          .code,
      Code::malformed);
}

TEST(OldBundle, EachRefusalNamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"base64Signature":"c2ln")", "the old bundle"},
      {R"({"base64Signature":"c2ln","base64Signature":"c2ln"})", "the old bundle"},
      {R"({"base64Signature":""})", "base64Signature is empty"},
      {R"({"base64Signature":"%"})", "base64Signature is not base64"},
      {R"({"base64Signature":7})", "base64Signature"},
      {R"({"base64Signature":"c2ln","cert":"%"})", "cert is not base64"},
      {R"({"base64Signature":"c2ln","rekorBundle":{}})", "has no Payload"}};
  for (const auto& [text, message] : cases) {
    const auto old = parse_old_bundle(text);
    ASSERT_FALSE(old) << text;
    EXPECT_EQ(old.error().code, Code::malformed) << text;
    EXPECT_NE(old.error().text().find(message), std::string::npos) << old.error().text();
  }
  EXPECT_EQ(parse_old_bundle("{}").error().code, Code::not_mine);
}

}  // namespace
}  // namespace sigstore::bundle
