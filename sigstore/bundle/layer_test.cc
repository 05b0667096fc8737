#include <gtest/gtest.h>

#include "sigstore/base/testing/testdata.h"
#include "sigstore/bundle/bundle.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/pem.h"
#include "sigstore/crypto/key.h"

namespace sigstore::bundle {
namespace {

const char* const signature = "dev.cosignproject.cosign/signature";
const char* const certificate = "dev.sigstore.cosign/certificate";
const char* const chain = "dev.sigstore.cosign/chain";
const char* const rekor = "dev.sigstore.cosign/bundle";
const char* const timestamp = "dev.sigstore.cosign/rfc3161timestamp";

std::string pem(std::string_view body, std::string_view label = "CERTIFICATE") {
  return codec::pem::encode(label, as_bytes(body));
}
const std::string body = R"({"apiVersion":"0.0.1","kind":"hashedrekord","spec":{}})";
// As cosign 2 writes it.
const std::string rekor_text =
    R"({"SignedEntryTimestamp":"c2V0","Payload":{"body":")" + codec::base64::encode(as_bytes(body)) +
    R"(","integratedTime":1700000000,"logIndex":123,"logID":")" + std::string(64, 'a') + "\"}}";
oci::Annotations signed_with(oci::Annotations more) {
  more[signature] = "c2ln";
  return more;
}

// --- foreign

TEST(Layer, EveryLayerOfRealCosignIsUpgradedAndWrittenBack) {
  int layers = 0;
  const std::string fixtures = SOURCE_ROOT "/test/interop/testdata";
  for (const auto& path : fakes::testdata_below(fixtures)) {
    const auto manifest = oci::Manifest::parse(fakes::read_testdata(path));
    if (!path.contains("/blobs/sha256/") || !manifest) continue;
    for (const auto& layer : manifest->layers) {
      if (layer.media_type != oci::media_type::simple_signing) continue;
      const auto payload =
          fakes::read_testdata(path.substr(0, path.rfind('/') + 1) + std::string(layer.digest.hex()));
      const auto bundle = from_layer(payload, layer.annotations);
      ASSERT_TRUE(bundle) << path << ": " << bundle.error().text();
      EXPECT_EQ(signed_bytes(bundle->content)->joined(), payload);
      EXPECT_EQ(layer_annotations(*bundle), layer.annotations);
      EXPECT_EQ(bundle->evidence, Evidence());
      EXPECT_EQ(bundle->key, KeyClaim());
      ++layers;
    }
  }
  EXPECT_GE(layers, 16);
}

// --- what a layer carries

TEST(Layer, CarriesCertificatesTimestampAndLogEntry) {
  const auto annotations = signed_with({{certificate, pem("leaf")},
                                        {chain, pem("intermediate") + pem("root")},
                                        {rekor, rekor_text},
                                        {timestamp, R"({"SignedRFC3161Timestamp":"dHM="})"}});
  const auto bundle = from_layer("payload", annotations);
  ASSERT_TRUE(bundle) << bundle.error().text();
  EXPECT_EQ(bundle->signature, to_bytes("sig"));
  EXPECT_EQ(bundle->key.certificates,
            (std::vector{to_bytes("leaf"), to_bytes("intermediate"), to_bytes("root")}));
  EXPECT_EQ(bundle->evidence.timestamps, std::vector<Bytes>{to_bytes("ts")});
  ASSERT_EQ(bundle->evidence.tlog_entries.size(), 1u);
  const auto& entry = bundle->evidence.tlog_entries[0];
  EXPECT_EQ(entry.log_index, 123u);
  EXPECT_EQ(entry.log_id, Bytes(32, 0xaa));
  EXPECT_EQ(entry.kind + " " + entry.version, "hashedrekord 0.0.1");
  EXPECT_EQ(entry.integrated_time, 1700000000);
  EXPECT_EQ(entry.signed_entry_timestamp, to_bytes("set"));
  EXPECT_FALSE(entry.proof);
  EXPECT_EQ(entry.body, body);
  EXPECT_EQ(layer_annotations(*bundle), annotations);
}

// cosign.md 2c: the chain is written as "" where there is a certificate without one.
TEST(Layer, ACertificateAloneHasAnEmptyChain) {
  const auto annotations = signed_with({{certificate, pem("leaf")}, {chain, ""}});
  const auto bundle = *from_layer("payload", annotations);
  EXPECT_EQ(bundle.key.certificates, std::vector<Bytes>{to_bytes("leaf")});
  EXPECT_EQ(layer_annotations(bundle), annotations);
}

TEST(Layer, AChainWithoutItsLeafIsNobodys) {
  EXPECT_TRUE(from_layer("payload", signed_with({{chain, pem("root")}}))->key.certificates.empty());
}

// --- what is refused

// GHSA-fx35-mq7g-6g98: a public key in the certificate's place replaced the key of the user.
TEST(Layer, APublicKeyInACertificatesPlaceIsRefused) {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key();
  for (const auto& annotations : {signed_with({{certificate, key.pem()}}),
                                  signed_with({{certificate, pem("leaf")}, {chain, key.pem()}})}) {
    const auto bundle = from_layer("payload", annotations);
    ASSERT_FALSE(bundle);
    EXPECT_EQ(bundle.error().code, Code::malformed);
    EXPECT_NE(bundle.error().text().find("PUBLIC KEY"), std::string::npos) << bundle.error().text();
  }
}

TEST(Layer, ABrokenLayerSaysWhy) {
  const std::pair<oci::Annotations, std::string> rows[] = {
      {{}, "carries no signature"},
      {{{signature, ""}}, "carries no signature"},
      {{{signature, "%%%"}}, "not base64"},
      {{{signature, "\n"}}, "signature"},
      {signed_with({{certificate, "no PEM"}}), "certificate"},
      {signed_with({{certificate, pem("a") + pem("b")}}), "more than one certificate"},
      {signed_with({{certificate, pem("leaf")}, {chain, "no PEM"}}), "chain"},
      {signed_with({{timestamp, "{"}}), "timestamp"},
      {signed_with({{timestamp, "null"}}), "timestamp"},
      {signed_with({{timestamp, "{}"}}), "timestamp"},
      {signed_with({{timestamp, R"({"SignedRFC3161Timestamp":""})"}}), "timestamp is empty"},
      {signed_with({{timestamp, R"({"SignedRFC3161Timestamp":"%"})"}}), "not base64"},
      {signed_with({{rekor, "{"}}), "the layer's log entry"},
      {signed_with({{rekor, "null"}}), "the layer's log entry"},
      {signed_with({{rekor, "{}"}}), "has no Payload"},
      {signed_with({{rekor, R"({"Payload":{}})"}}), "SignedEntryTimestamp"},
  };
  for (const auto& [annotations, why] : rows) {
    const auto bundle = from_layer("payload", annotations);
    ASSERT_FALSE(bundle) << why;
    EXPECT_NE(bundle.error().text().find(why), std::string::npos) << why << ": " << bundle.error().text();
  }
  std::string many;
  for (int i = 0; i < 32; ++i) many += pem("x");
  EXPECT_EQ(from_layer("p", signed_with({{certificate, pem("leaf")}, {chain, many}})).error().code,
            Code::too_large);
}

TEST(Layer, ASignatureMayBeBrokenIntoLines) {
  EXPECT_EQ(from_layer("payload", {{signature, "c2\nln\r\n"}})->signature, to_bytes("sig"));
}

// --- attestations

std::string envelope(const std::string& signatures, const std::string& payload = "cGF5bG9hZA==") {
  return R"({"payload":")" + payload + R"(","payloadType":"t","signatures":[)" + signatures + "]}";
}

TEST(AttestationLayer, EachSignatureIsABundleOfItsOwn) {
  const auto bundles =
      from_attestation_layer(envelope(R"({"sig":"c2ln"},{"keyid":"k","sig":"b3RoZXI="})"),
                             signed_with({{timestamp, R"({"SignedRFC3161Timestamp":"dA=="})"}}), 1000);
  ASSERT_TRUE(bundles) << bundles.error().text();
  ASSERT_EQ(bundles->size(), 2u);
  EXPECT_EQ((*bundles)[0].signature, to_bytes("sig"));
  EXPECT_EQ((*bundles)[1].signature, to_bytes("other"));
  for (const Bundle& bundle : *bundles) {
    EXPECT_EQ(std::get<EnvelopeContent>(bundle.content), (EnvelopeContent{"t", "payload"}));
    EXPECT_EQ(bundle.evidence.timestamps.size(), 1u);
  }
}

TEST(AttestationLayer, ManySignaturesAreNoWayToFillTheMemory) {
  EXPECT_TRUE(from_attestation_layer(envelope(R"({"sig":"AA=="})"), {}, 1));
  EXPECT_EQ(from_attestation_layer(envelope(R"({"sig":"AA=="},{"sig":"AQ=="})"), {}, 13).error().code,
            Code::too_large);
  EXPECT_TRUE(from_attestation_layer(envelope(R"({"sig":"AA=="},{"sig":"AQ=="})"), {}, 14));
  EXPECT_EQ(from_attestation_layer("{}", {}, 1000).error().code, Code::malformed);
}

TEST(AttestationLayer, ItsAnnotationsAreThoseOfRealCosign) {
  Bundle bundle;
  bundle.signature = to_bytes("sig");
  EXPECT_EQ(attestation_annotations(bundle, "https://example.com/p"),
            (oci::Annotations{{signature, ""}, {"predicateType", "https://example.com/p"}}));
}

}  // namespace
}  // namespace sigstore::bundle
