#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/payload/predicate.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/tag/tag_store.h"

namespace sigstore::store {
namespace {

using remote::testing::Call;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

const oci::Repository repository{"registry.example", "devops/nginx"};
const std::string fixtures = SOURCE_ROOT "/test/interop/testdata/";

bundle::Bundle claim(const oci::Digest& image, const std::string& predicate,
                     const std::string& type = "https://example.com/p") {
  bundle::Bundle out;
  out.content = bundle::EnvelopeContent{
      std::string(payload::in_toto_payload_type),
      payload::write_statement({repository.text(), {{"sha256", std::string(image.hex())}}, {}}, type,
                               predicate)};
  out.signature = to_bytes("sig");
  return out;
}

class AttestationStoreTest : public testing::Test {
 protected:
  AttestationStoreTest()
      : registry({.known_to_honour = true}),
        image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest,
                                    R"({"schemaVersion":2,"layers":[]})")),
        tag(oci::attachment_tag(image.digest, ".att")),
        store(make_attestation_store(registry, fake.env(), {})) {}

  Stored put(const std::string& predicate, const PutOptions& options = {}) {
    auto stored = store->put(repository, image, claim(image.digest, predicate), options);
    if (!stored) throw std::runtime_error(stored.error().text());
    return std::move(*stored);
  }
  std::vector<std::string> listed() {
    const auto listing = store->list(repository, image.digest);
    std::vector<std::string> out;
    for (const Stored& entry : listing->entries) {
      const auto& text = std::get<bundle::EnvelopeContent>(entry.bundle->content).payload;
      out.emplace_back(payload::Statement::parse(text)->predicate->in(text));
    }
    return out;
  }
  oci::Manifest tagged() { return *oci::Manifest::parse(registry.manifest(repository, tag)->bytes); }

  fakes::FakeEnv fake;
  MemoryRegistry registry;
  oci::Descriptor image;
  std::string tag;
  std::unique_ptr<ArtifactStore> store;
};

TEST_F(AttestationStoreTest, WhatRealCosignWroteIsRead) {
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"}) {
    const oci::Repository theirs{"registry.example", version};
    registry.load_layout(fixtures + version + "/images/legacy-attestations", theirs);
    const auto subject = *registry.resolve({theirs, "latest", {}});
    const auto listing = store->list(theirs, subject.digest);
    ASSERT_TRUE(listing) << listing.error().text();
    ASSERT_EQ(listing->entries.size(), 2u);
    for (const Stored& entry : listing->entries) {
      ASSERT_TRUE(entry.bundle) << entry.bundle.error().text();
      EXPECT_EQ(entry.format, Format::envelope);
      EXPECT_EQ(entry.location, theirs.text() + ":" + oci::attachment_tag(subject.digest, ".att"));
    }
  }
}

TEST_F(AttestationStoreTest, WhatItWritesIsWhatRealCosignWrites) {
  const oci::Repository theirs{"registry.example", "theirs"}, ours{"registry.example", "ours"};
  registry.load_layout(fixtures + "cosign-3.1.2/images/legacy-attestations", theirs);
  const auto subject = *registry.resolve({theirs, "latest", {}});
  const auto listing = store->list(theirs, subject.digest);
  for (const Stored& entry : listing->entries)
    ASSERT_TRUE(store->put(ours, subject, *entry.bundle));
  const auto there = oci::attachment_tag(subject.digest, ".att");
  EXPECT_EQ(registry.manifest(ours, there)->bytes, registry.manifest(theirs, there)->bytes);
}

TEST_F(AttestationStoreTest, EachIsALayerWithItsType) {
  const Stored stored = put("{}");
  put("[1.0]");
  EXPECT_EQ(stored.location, repository.text() + ":" + tag);
  EXPECT_EQ(listed(), (std::vector<std::string>{"{}", "[1.0]"}));
  const auto layer = tagged().layers.at(0);
  EXPECT_EQ(layer.digest, stored.digest);
  EXPECT_EQ(layer.media_type, oci::media_type::dsse);
  EXPECT_EQ(layer.annotations, (oci::Annotations{{"dev.cosignproject.cosign/signature", ""},
                                                 {"predicateType", "https://example.com/p"}}));
}

TEST_F(AttestationStoreTest, WhatIsReplacedGoesAndNothingElse) {
  const auto first = put("1");
  put("2");
  const auto third = put("3");
  put("4", {{first.digest, third.digest}});
  EXPECT_EQ(listed(), (std::vector<std::string>{"2", "4"}));
  const auto config = *registry.blob(repository, tagged().config, 10000);
  EXPECT_FALSE(config.contains(first.digest.text()));
}

TEST_F(AttestationStoreTest, AWriterThatComesInBetweenLosesNothingToAReplacement) {
  const auto first = put("1");
  bool done = false;
  registry.before(Call::push_manifest, [&](const Request& request) -> Result<void> {
    if (request.target != tag || std::exchange(done, true)) return {};
    put("2");
    return {};
  });
  put("3", {{first.digest}});
  EXPECT_EQ(listed(), (std::vector<std::string>{"2", "3"}));
}

TEST_F(AttestationStoreTest, TakesStatementsAlone) {
  bundle::Bundle signature;
  signature.content = bundle::SimpleSigningContent{"payload"};
  bundle::Bundle other = claim(image.digest, "{}");
  std::get<bundle::EnvelopeContent>(other.content).payload_type = "text/plain";
  bundle::Bundle broken = claim(image.digest, "{");
  for (const auto& bundle : {signature, other, broken}) EXPECT_FALSE(store->put(repository, image, bundle));
  EXPECT_EQ(registry.count(Call::push_blob), 0);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

TEST_F(AttestationStoreTest, ADamagedLayerIsAnEntryWithItsError) {
  const auto blob = registry.add_blob(repository, R"({"payload":"e30=","payloadType":"t"})");
  const auto config = registry.add_blob(repository, "{}");
  registry.add_manifest(
      repository, tag, oci::media_type::oci_manifest,
      R"({"schemaVersion":2,"config":{"digest":")" + config.digest.text() +
          R"(","size":2},"layers":[{"mediaType":"application/vnd.dsse.envelope.v1+json","size":)" +
          std::to_string(blob.size) + R"(,"digest":")" + blob.digest.text() + R"("}]})");
  const auto listing = store->list(repository, image.digest);
  ASSERT_EQ(listing->entries.size(), 1u);
  EXPECT_EQ(listing->entries[0].bundle.error().code, Code::malformed);
  put("2");
  EXPECT_EQ(store->list(repository, image.digest)->entries.size(), 2u);
}

}  // namespace
}  // namespace sigstore::store
