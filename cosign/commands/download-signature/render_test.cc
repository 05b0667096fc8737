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
  sigstore::tlog::Entry entry;
  entry.log_index = 7;
  entry.log_id = Bytes{0xab};
  entry.integrated_time = 1700000000;
  entry.body = "{}";
  bundle.evidence.tlog_entries = {entry};  // without a promise
  entry.signed_entry_timestamp = Bytes{0};
  bundle.evidence.tlog_entries.push_back(entry);
  EXPECT_EQ(
      legacy_signature(bundle),
      R"({"Base64Signature":"AQID","Payload":"e30=","Cert":{"Raw":"MAA="},"Chain":[{"Raw":"MAEA"}],)"
      R"("Bundle":{"SignedEntryTimestamp":"AA==","Payload":{"body":"e30=","integratedTime":1700000000,"logIndex":7,)"
      R"("logID":"ab"}},)"
      R"("RFC3161Timestamp":{"SignedRFC3161Timestamp":"CQ=="}})");
}

}  // namespace
}  // namespace cosign
