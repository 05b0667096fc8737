#include "sigstore/store/documents.h"

#include <gtest/gtest.h>

#include "sigstore/payload/statement.h"
#include "sigstore/remote/registry/testing/memory_registry.h"

namespace sigstore::store {
namespace {

using remote::testing::MemoryRegistry;
using Kind = Attachment::Kind;

const oci::Repository repository{"registry.example", "team/app"};
const std::string images = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/";
constexpr std::string_view envelope = R"({"payloadType":"t","payload":"e30=","signatures":[{"sig":"AA=="}]})";

class DocumentsTest : public ::testing::Test {
 protected:
  void load(const std::string& fixture) {
    registry.load_layout(images + fixture, repository);
    oci::Reference reference;
    reference.repository = repository;
    reference.tag = "latest";
    image = *registry.resolve(reference);
  }
  oci::Descriptor layer(std::string_view type, std::string_view content) {
    auto descriptor = registry.add_blob(repository, content);
    descriptor.media_type = type;
    return descriptor;
  }
  void add(const std::string& tag, const std::vector<oci::Descriptor>& layers, bool referrer = false) {
    oci::Manifest manifest;
    manifest.media_type = oci::media_type::oci_manifest;
    manifest.config = layer(oci::media_type::oci_config, "{}");
    manifest.layers = layers;
    if (referrer) manifest.subject = image;
    registry.add_manifest(repository, tag, oci::media_type::oci_manifest, manifest.write());
  }
  Documents fetch(Kind kind, std::size_t most = limits::attachment_bytes) {
    return fetch_documents(registry, repository, image.digest, "", kind, most);
  }
  MemoryRegistry registry;
  oci::Descriptor image;
};

TEST_F(DocumentsTest, BundlesComeFirstAndThenTheTag) {
  load("legacy-and-bundle");
  const auto documents = fetch(Kind::signatures);
  ASSERT_EQ(documents.found.size(), 2U);
  EXPECT_TRUE(documents.found[0].bundle);
  EXPECT_EQ(documents.found[0].predicate_type, payload::cosign_sign_predicate);
  EXPECT_FALSE(documents.found[1].bundle);
  EXPECT_TRUE(documents.found[1].content->starts_with("{\"critical\":"));
}

TEST_F(DocumentsTest, EnvelopesSayWhatTheyAreAbout) {
  load("legacy-attestations");
  const auto documents = fetch(Kind::attestations);
  ASSERT_EQ(documents.found.size(), 2U);
  EXPECT_EQ(documents.found[0].predicate_type, "https://spdx.dev/Document");
  EXPECT_EQ(documents.found[1].predicate_type, "https://cosign.sigstore.dev/attestation/v1");
  EXPECT_TRUE(fetch(Kind::signatures).found.empty());
}

TEST_F(DocumentsTest, WhatIsDamagedStandsThereWithItsError) {
  load("unsigned");
  const std::string tag = oci::attachment_tag(image.digest, ".att");
  auto lying = layer(oci::media_type::dsse, "as long");
  registry.add_lying_blob(repository, lying.digest, "another");
  add(tag, {layer(oci::media_type::dsse, envelope), layer(oci::media_type::dsse, "{\"payload\":"), lying,
            layer("text/plain", "a note")});
  const auto documents = fetch(Kind::attestations);
  ASSERT_EQ(documents.found.size(), 3U);
  EXPECT_TRUE(documents.found[0].content);
  ASSERT_FALSE(documents.found[1].content);
  EXPECT_EQ(documents.found[1].content.error().code, Code::malformed);
  ASSERT_FALSE(documents.found[2].content);
  EXPECT_EQ(documents.found[2].content.error().code, Code::mismatch);
  ASSERT_EQ(documents.notes.size(), 1U);
  EXPECT_TRUE(documents.notes[0].starts_with("passed over 1 layer of another kind in "));
}

TEST_F(DocumentsTest, ABundleOverSeveralLinesBecomesOne) {
  load("unsigned");
  add("", {layer(oci::media_type::bundle_v03, R"({
  "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
  "verificationMaterial": {"publicKey": {}},
  "messageSignature": {"signature": "AA=="}
})")},
      true);
  const auto documents = fetch(Kind::signatures);
  ASSERT_EQ(documents.found.size(), 1U);
  EXPECT_EQ(documents.found[0].content,
            R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
            R"("verificationMaterial":{"publicKey":{}},"messageSignature":{"signature":"AA=="}})");
}

TEST_F(DocumentsTest, AVersionOfBundleThatIsNotKnownIsTakenAsItIs) {
  load("unsigned");
  const std::string future = R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.9+json","new":{}})";
  add("", {layer(oci::media_type::bundle_v03, future)}, true);
  const auto documents = fetch(Kind::signatures);
  ASSERT_EQ(documents.found.size(), 1U);
  EXPECT_EQ(documents.found[0].content, future);
}

TEST_F(DocumentsTest, TheOlderFormOfReferrersIsFound) {
  load("unsigned");
  add("", {layer(oci::media_type::simple_signing, "{}")}, true);
  ASSERT_EQ(fetch(Kind::signatures).found.size(), 1U);
  EXPECT_FALSE(fetch(Kind::signatures).found[0].bundle);
  EXPECT_TRUE(fetch(Kind::attestations).found.empty());
}

TEST_F(DocumentsTest, AllTogetherIsBounded) {
  load("legacy-attestations");
  const auto documents = fetch(Kind::attestations, 600);
  ASSERT_EQ(documents.found.size(), 2U);
  ASSERT_FALSE(documents.found[0].content);
  EXPECT_EQ(documents.found[0].content.error().code, Code::too_large);
}

}  // namespace
}  // namespace sigstore::store
