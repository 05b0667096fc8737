#include "sigstore/bundle/material.h"

#include <gtest/gtest.h>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/pem.h"

namespace sigstore::bundle {
namespace {

const Bytes der = {0x30, 0x03, 0x02, 0x01, 0x05};
const std::string pem = codec::pem::encode("CERTIFICATE", der);

TEST(Material, ASignatureIsBase64OrBytes) {
  const Bytes signature = {0x30, 0x01, 0x00, 0xff};
  const std::string text = codec::base64::encode(signature);
  EXPECT_EQ(*read_signature(text, "s"), signature);
  EXPECT_EQ(*read_signature(text.substr(0, 4) + "\r\n" + text.substr(4) + "\n", "s"), signature);
  EXPECT_EQ(*read_signature(as_text(signature), "s"), signature);
  for (const std::string bad : {"", "\n", "no signature!"})
    EXPECT_EQ(read_signature(bad, "s").error().code, Code::malformed) << bad;
  EXPECT_EQ(read_signature(std::string(limits::key_file_bytes + 1, 'A'), "s").error().code, Code::too_large);
}

TEST(Material, CertificatesInEveryForm) {
  const std::vector<Bytes> one = {der}, two = {der, der};
  EXPECT_EQ(*read_certificates(pem, "c"), one);
  EXPECT_EQ(*read_certificates("text before\n" + pem + pem, "c"), two);
  EXPECT_EQ(*read_certificates(codec::base64::encode(as_bytes(pem)) + "\n", "c"), one);
  EXPECT_EQ(*read_certificates(codec::base64::encode(der), "c"), one);
  EXPECT_EQ(*read_certificates(as_text(der), "c"), one);
}

TEST(Material, NothingButCertificatesStandsInTheirPlace) {
  const std::string key = codec::pem::encode("PUBLIC KEY", der);
  const std::string trailing = codec::pem::encode("CERTIFICATE", Bytes{0x30, 0x00, 0x00});
  for (const std::string& bad : {std::string(), key, pem + key, trailing, std::string("no certificate")})
    EXPECT_EQ(read_certificates(bad, "c").error().code, Code::malformed) << bad;
  std::string many;
  for (std::size_t i = 0; i <= limits::certificates; ++i) many += pem;
  const auto refused = read_certificates(many, "c").error();
  EXPECT_EQ(refused.code, Code::too_large);
  EXPECT_EQ(refused.cause, "more than 32");
  EXPECT_EQ(read_certificates(many, "c", limits::pem_blocks)->size(), limits::certificates + 1);
}

TEST(Material, WhatStandsThereInsteadIsSaid) {
  const std::string bundle = R"({"mediaType":"m"})";
  const auto certificate = [](std::string_view text) {
    const auto error = read_certificates(text, "c.pem").error();
    return error.message + "; " + error.cause;
  };
  EXPECT_EQ(certificate(""), "c.pem is empty; ");
  EXPECT_EQ(certificate("{}"), "c.pem is no certificate; it is JSON");
  EXPECT_EQ(certificate(bundle), "c.pem is no certificate; it is a bundle, or another document of sigstore");
  EXPECT_EQ(certificate("words, only"), "c.pem is no certificate; it is a text, neither PEM nor DER");
  EXPECT_EQ(certificate("\x01\xff"), "c.pem is no certificate; it is neither PEM nor DER");
  const auto timestamp = [](std::string_view text) {
    const auto error = read_timestamp(text, "t.tsr").error();
    return error.message + "; " + error.cause;
  };
  EXPECT_EQ(timestamp(""), "t.tsr is empty; ");
  EXPECT_EQ(timestamp("{}"), "t.tsr is no timestamp; it is JSON without SignedRFC3161Timestamp");
  EXPECT_EQ(timestamp(bundle), "t.tsr is no timestamp; it is a bundle, or another document of sigstore");
  EXPECT_EQ(timestamp("\x01\xff"), "t.tsr is no timestamp; it is not what an authority answers");
}

TEST(Material, ATimestampIsDerOrTheOldJson) {
  EXPECT_EQ(*read_timestamp(as_text(der), "t"), der);
  EXPECT_EQ(*read_timestamp(R"({"SignedRFC3161Timestamp":")" + codec::base64::encode(der) + R"("})", "t"),
            der);
  for (const std::string bad : {"", "text", "{}", R"({"SignedRFC3161Timestamp":"AAAA"})"})
    EXPECT_FALSE(read_timestamp(bad, "t")) << bad;
}

}  // namespace
}  // namespace sigstore::bundle
