#include "cosign/commands/download-signature/render.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::Bytes;
using sigstore::bundle::Bundle;

Bundle signature() {
  Bundle bundle;
  bundle.content = sigstore::bundle::SimpleSigningContent{"{}"};
  bundle.signature = Bytes{1, 2, 3};
  return bundle;
}

TEST(LegacySignature, WhatIsNotThereIsNull) {
  EXPECT_EQ(legacy_signature(signature()),
            R"({"Base64Signature":"AQID","Payload":"e30=","Cert":null,"Chain":null,"Bundle":null,)"
            R"("RFC3161Timestamp":null})");
}

TEST(LegacySignature, CertificatesTimestampAndLogEntry) {
  Bundle bundle = signature();
  bundle.key.certificates = {Bytes{0x30, 0}, Bytes{0x30, 1, 0}};
  bundle.evidence.timestamps = {Bytes{9}};
  bundle.evidence.legacy_rekor_bundle = R"({ "SignedEntryTimestamp": "AA==", "Payload": {"logIndex": 7} })";
  EXPECT_EQ(legacy_signature(bundle),
            R"({"Base64Signature":"AQID","Payload":"e30=","Cert":{"Raw":"MAA="},"Chain":[{"Raw":"MAEA"}],)"
            R"("Bundle":{"SignedEntryTimestamp":"AA==","Payload":{"logIndex":7}},)"
            R"("RFC3161Timestamp":{"SignedRFC3161Timestamp":"CQ=="}})");
}

TEST(LegacySignature, ALogEntryThatIsNoJsonIsAnError) {
  Bundle bundle = signature();
  bundle.evidence.legacy_rekor_bundle = "{\"a\":1,\"a\":2}";
  const auto line = legacy_signature(bundle);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, sigstore::Code::malformed);
}

}  // namespace
}  // namespace cosign
