#include "sigstore/store/layout/layout.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/memory_files.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/crypto/key.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/verify/judge.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;
using Kind = LayoutEntry::Kind;

const std::string fixtures = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/";
const std::string saved = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/saved/";
const oci::Digest fixture_image =
    *oci::Digest::parse("sha256:bef8bf1b8d68d125895f974c724e19c1f4becf59aea063bacf80dfefb005f80c");

class LayoutTest : public testing::Test {
 protected:
  // A folder of the disk as "d" in memory, where a test may change it.
  void load(const std::string& folder) {
    for (const auto& path : fakes::testdata_below(folder))
      files.put("d" + path.substr(folder.size()), fakes::read_testdata(path));
  }
  Result<Layout> open() { return Layout::open(files, "d"); }
  Layout opened() {
    auto layout = open();
    if (!layout) throw std::runtime_error(layout.error().text());
    return std::move(*layout);
  }
  std::string add_blob(const std::string& text) {
    const auto digest = oci::Digest::sha256(text);
    files.put("d/blobs/sha256/" + std::string(digest.hex()), text);
    return R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" + digest.text() +
           R"(","size":)" + std::to_string(text.size());
  }
  void put_index(const std::string& manifests) {
    files.put("d/index.json", R"({"schemaVersion":2,"manifests":[)" + manifests + "]}");
  }
  static std::string blob_path(const oci::Digest& digest) {
    return "d/blobs/sha256/" + std::string(digest.hex());
  }

  fakes::MemoryFiles files;
};

std::vector<Format> formats(const Listing& listing) {
  std::vector<Format> out;
  for (const auto& entry : listing.entries) out.push_back(entry.format);
  return out;
}

// How many of them verify with this key of the fixtures.
long verified(const Listing& listing, const oci::Digest& image,
              const std::string& key = "cosign-3.1.2/keys/p256.pub",
              verify::Wanted wanted = verify::Wanted::signature) {
  const auto pem = fakes::read_testdata(SOURCE_ROOT "/test/interop/testdata/" + key);
  const verify::TrustedMaterial material{{{*crypto::PublicKey::from_pem(pem, "key"), "key"}}};
  verify::Requirements required;
  required.subject = image;
  required.log_entries = 0;
  required.wanted = wanted;
  if (wanted == verify::Wanted::attestation) required.predicate_types.clear();
  return std::ranges::count_if(listing.entries, [&](const Stored& entry) {
    return entry.bundle && verify::judge(*entry.bundle, material, required).accepted();
  });
}

// --- foreign: what real `cosign save` wrote (cosign.md 2j)

TEST_F(LayoutTest, SavedWithSignatureAndBundle) {
  load(saved + "legacy-and-bundle");
  const auto layout = opened();
  ASSERT_EQ(layout.entries().size(), 2u);
  EXPECT_EQ(layout.entries()[0].kind, Kind::image);
  EXPECT_EQ(layout.entries()[1].kind, Kind::signatures);
  ASSERT_EQ(layout.images().size(), 1u);
  EXPECT_EQ(layout.images()[0].digest, fixture_image);
  const auto listing = *layout.list(fixture_image);
  EXPECT_EQ(formats(listing), (std::vector{Format::simple_signing, Format::bundle}));
  EXPECT_EQ(verified(listing, fixture_image), 2);
  EXPECT_TRUE(listing.notes.empty());
}

// Bundles stand in no index there: they are found among the blobs by their subject.
TEST_F(LayoutTest, SavedWithAnAttestationAlone) {
  load(TESTDATA "/saved-attestation");
  const auto layout = opened();
  ASSERT_EQ(layout.entries().size(), 1u);
  const auto referrers = *layout.referrers();
  ASSERT_EQ(referrers.size(), 1u);
  EXPECT_EQ(referrers[0].subject, fixture_image);
  EXPECT_EQ(referrers[0].descriptor.artifact_type, oci::media_type::bundle_v03);
  EXPECT_EQ(referrers[0].descriptor.annotations.at("dev.sigstore.bundle.predicateType"),
            "https://spdx.dev/Document");
  const auto listing = *layout.list(fixture_image);
  ASSERT_EQ(listing.entries.size(), 1u);
  EXPECT_TRUE(listing.entries[0].bundle.has_value());
  EXPECT_EQ(verified(listing, fixture_image), 0) << "an attestation is no signature";
}

TEST_F(LayoutTest, AttestationsOfATagAndAmongTheReferrers) {
  const std::string images = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/";
  const std::string key = "cosign-3.1.2/keys/p256.pub";
  load(images + "legacy-attestations");
  auto listing = *opened().list(fixture_image, Format::envelope);
  EXPECT_EQ(formats(listing), (std::vector{Format::envelope, Format::envelope}));
  EXPECT_EQ(verified(listing, fixture_image, key, verify::Wanted::attestation), 2);
  EXPECT_EQ(verified(listing, fixture_image, key), 0);
  EXPECT_TRUE(opened().list(fixture_image)->entries.empty()) << "they are no signatures";
  EXPECT_TRUE(opened().list(oci::Digest::sha256("other"), Format::envelope)->entries.empty());
}

TEST_F(LayoutTest, AnAttestationThatCannotBeReadIsNotAbsent) {
  const std::string images = SOURCE_ROOT "/test/interop/testdata/cosign-3.1.2/images/";
  load(images + "legacy-attestations");
  const auto layer = opened().list(fixture_image, Format::envelope)->entries[0].digest;
  ASSERT_TRUE(files.remove(blob_path(layer)));
  const auto listing = *opened().list(fixture_image, Format::envelope);
  ASSERT_EQ(listing.entries.size(), 2u);
  EXPECT_EQ(listing.entries[0].bundle.error().code, Code::not_found);
  EXPECT_TRUE(listing.entries[1].bundle.has_value());
}

TEST_F(LayoutTest, SavedIndexOfPlatforms) {
  load(saved + "legacy-recursive-index");
  const auto layout = opened();
  ASSERT_EQ(layout.images().size(), 1u);
  EXPECT_EQ(layout.images()[0].media_type, oci::media_type::oci_index);
  EXPECT_EQ(verified(*layout.list(layout.images()[0].digest), layout.images()[0].digest), 1);
}

// `sign -r` as bundles: the index's own is there, of its children real `save` saves none.
TEST_F(LayoutTest, SavedIndexWithItsBundle) {
  load(saved + "bundle-recursive-index");
  const auto layout = opened();
  ASSERT_EQ(layout.images().size(), 1u);
  const auto image = layout.images()[0].digest;
  EXPECT_EQ(verified(*layout.list(image), image), 1);
  const auto index = *oci::Index::parse(**layout.content().read(image, limits::manifest_bytes));
  ASSERT_EQ(index.manifests.size(), 2u);
  for (const auto& child : index.manifests) EXPECT_TRUE(layout.list(child.digest)->entries.empty());
}

TEST_F(LayoutTest, SavedByCosign2) {
  load(SOURCE_ROOT "/test/interop/testdata/cosign-2.6.5/saved/legacy-signature");
  EXPECT_EQ(verified(*opened().list(fixture_image), fixture_image, "cosign-2.6.5/keys/p256.pub"), 1);
}

// --- foreign: layouts with the tags of a repository, as crane and skopeo write them

TEST_F(LayoutTest, TagsSayWhatAnEntryIs) {
  load(fixtures + "legacy-and-bundle");
  const auto layout = opened();
  std::vector<Kind> kinds;
  for (const auto& entry : layout.entries()) kinds.push_back(entry.kind);
  std::ranges::sort(kinds);
  EXPECT_EQ(kinds, (std::vector{Kind::image, Kind::signatures, Kind::attached}));
  const auto listing = *layout.list(fixture_image);
  EXPECT_EQ(verified(listing, fixture_image), 2);
  EXPECT_EQ(listing.entries[0].location, "d:sha256-" + std::string(fixture_image.hex()) + ".sig");
}

// Each `.sig` tag is about one image.
TEST_F(LayoutTest, ATaggedSignatureIsListedForItsImageAlone) {
  load(fixtures + "legacy-recursive-index");
  const auto layout = opened();
  const auto index = layout.images()[0].digest;
  EXPECT_EQ(layout.list(index)->entries.size(), 1u);
  EXPECT_EQ(verified(*layout.list(index), index), 1);
  const auto parsed = *oci::Index::parse(**layout.content().read(index, limits::manifest_bytes));
  for (const auto& child : parsed.manifests) EXPECT_EQ(verified(*layout.list(child.digest), child.digest), 1);
  EXPECT_TRUE(layout.list(oci::Digest::sha256("nothing"))->entries.empty());
}

TEST_F(LayoutTest, EveryFixtureIsRead) {
  for (const char* version : {"cosign-2.6.5", "cosign-3.1.2"})
    for (const char* name :
         {"legacy-signature", "legacy-two-keys", "legacy-rsa", "legacy-attestations", "bundle-signature",
          "bundle-attestation-only", "legacy-and-bundle", "unsigned"}) {
      for (const auto& path : files.paths()) ASSERT_TRUE(files.remove(path));
      load(SOURCE_ROOT "/test/interop/testdata/" + std::string(version) + "/images/" + name);
      const auto layout = opened();
      ASSERT_EQ(layout.images().size(), 1u) << name;
      const auto listing = layout.list(layout.images()[0].digest);
      ASSERT_TRUE(listing) << name << listing.error().text();
      for (const auto& entry : listing->entries)
        EXPECT_TRUE(entry.bundle) << name << entry.bundle.error().text();
    }
}

// --- damage: reported, never taken for absence

TEST_F(LayoutTest, ATamperedPayloadIsListedWithItsError) {
  load(saved + "legacy-and-bundle");
  const auto payload = opened().list(fixture_image)->entries[0].digest;
  files.put(blob_path(payload), "{}");
  const auto listing = *opened().list(fixture_image);
  ASSERT_EQ(listing.entries.size(), 2u);
  ASSERT_FALSE(listing.entries[0].bundle);
  EXPECT_EQ(listing.entries[0].bundle.error().code, Code::mismatch);
  EXPECT_TRUE(listing.entries[1].bundle);
}

TEST_F(LayoutTest, AMissingPayloadIsListedWithItsError) {
  load(saved + "legacy-and-bundle");
  const auto payload = opened().list(fixture_image)->entries[0].digest;
  ASSERT_TRUE(files.remove(blob_path(payload)));
  EXPECT_EQ(opened().list(fixture_image)->entries[0].bundle.error().code, Code::not_found);
}

TEST_F(LayoutTest, ADamagedBlobAmongTheOthersIsANote) {
  load(saved + "legacy-and-bundle");
  files.put(blob_path(oci::Digest::sha256("x")), "y");
  const auto listing = *opened().list(fixture_image);
  EXPECT_EQ(listing.entries.size(), 2u);
  ASSERT_EQ(listing.notes.size(), 1u);
  EXPECT_NE(listing.notes[0].find(oci::Digest::sha256("x").text()), std::string::npos);
}

TEST_F(LayoutTest, ADamagedManifestOfSignaturesIsAnError) {
  load(saved + "legacy-and-bundle");
  const auto manifest = opened().entries()[1].descriptor.digest;
  files.put(blob_path(manifest), "{}");
  EXPECT_EQ(opened().list(fixture_image).error().code, Code::mismatch);
}

TEST_F(LayoutTest, ABundleThatCannotBeReadIsListedWithItsError) {
  const std::string image = R"({"schemaVersion":2,"layers":[]})";
  put_index(add_blob(image) + "}");
  const std::string bundle = R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.9+json"})";
  const auto layer = R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.9+json","size":)" +
                     std::to_string(bundle.size()) + R"(,"digest":")" + oci::Digest::sha256(bundle).text() +
                     "\"}";
  add_blob(bundle);
  const auto subject =
      R"("subject":{"mediaType":"m","size":1,"digest":")" + oci::Digest::sha256(image).text() + "\"}";
  add_blob(R"({"schemaVersion":2,"layers":[)" + layer + "]," + subject + "}");
  add_blob(R"({"schemaVersion":2,"layers":[)" + layer + "," + layer + "]," + subject + "}");
  add_blob(R"({"schemaVersion":2,"layers":[],"artifactType":"application/spdx+json",)" + subject + "}");
  const auto listing = *opened().list(oci::Digest::sha256(image));
  ASSERT_EQ(listing.entries.size(), 2u);
  std::vector<Code> codes;
  for (const auto& entry : listing.entries) codes.push_back(entry.bundle.error().code);
  std::ranges::sort(codes);
  EXPECT_EQ(codes, (std::vector{Code::malformed, Code::unsupported}));
}

// --- hostile or foreign folders

TEST_F(LayoutTest, WhatIsNoLayoutIsRefused) {
  EXPECT_EQ(open().error().code, Code::not_found);
  files.put("d/index.json", "{");
  EXPECT_EQ(open().error().code, Code::malformed);
  files.put("d/index.json", R"({"schemaVersion":2,"layers":[]})");
  EXPECT_EQ(open().error().code, Code::malformed);
  files.put("d/index.json", std::string(limits::manifest_bytes + 1, ' '));
  EXPECT_EQ(open().error().code, Code::too_large);
  put_index(R"({"digest":"sha256:../../../../etc/passwd","size":1})");
  EXPECT_EQ(open().error().code, Code::malformed);
}

TEST_F(LayoutTest, TheVersionCounts) {
  put_index("");
  for (const auto& [text, code] : {std::pair(R"({"imageLayoutVersion":"2.0.0"})", Code::unsupported),
                                   std::pair("{}", Code::malformed), std::pair("", Code::malformed)}) {
    files.put("d/oci-layout", text);
    EXPECT_EQ(open().error().code, code) << text;
  }
  files.put("d/oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
  EXPECT_TRUE(open()->images().empty());
}

TEST_F(LayoutTest, EveryKindOfNameIsTold) {
  const auto blob = add_blob(R"({"schemaVersion":2,"layers":[]})");
  const std::string hex(64, 'a');
  const std::pair<std::string, Kind> rows[] = {
      {R"("org.opencontainers.image.ref.name":"1.0")", Kind::image},
      {R"("org.opencontainers.image.ref.name":"r.example/app:1.0")", Kind::image},
      {R"("org.opencontainers.image.ref.name":"r.example:5000/app")", Kind::image},
      {R"("org.opencontainers.image.ref.name":"sha256-)" + hex + ".sig\"", Kind::signatures},
      {R"("org.opencontainers.image.ref.name":"r.example/app:sha256-)" + hex + ".sig\"", Kind::signatures},
      {R"("org.opencontainers.image.ref.name":"mine-sha256-)" + hex + ".sig\"", Kind::signatures},
      {R"("org.opencontainers.image.ref.name":"sha256-)" + hex + ".att\"", Kind::attestations},
      {R"("org.opencontainers.image.ref.name":"sha256-)" + hex + ".sbom\"", Kind::attached},
      {R"("org.opencontainers.image.ref.name":"sha256-)" + hex + "\"", Kind::attached},
      {R"("org.opencontainers.image.ref.name":"sha256-abc.sig")", Kind::image},
      {R"("kind":"dev.cosignproject.cosign/image")", Kind::image},
      {R"("kind":"dev.cosignproject.cosign/imageIndex")", Kind::image},
      {R"("kind":"dev.cosignproject.cosign/sigs")", Kind::signatures},
      {R"("kind":"dev.cosignproject.cosign/atts")", Kind::attestations},
      {R"("kind":"dev.cosignproject.cosign/sboms")", Kind::attached},
      {R"("kind":"something else")", Kind::image},
  };
  for (const auto& [annotation, kind] : rows) {
    put_index(blob + R"(,"annotations":{)" + annotation + "}}");
    EXPECT_EQ(opened().entries().at(0).kind, kind) << annotation;
  }
}

TEST_F(LayoutTest, AnImageWithSeveralTagsIsOneImage) {
  const auto blob = add_blob(R"({"schemaVersion":2,"layers":[]})");
  put_index(blob + R"(,"annotations":{"org.opencontainers.image.ref.name":"1"}},)" + blob +
            R"(,"annotations":{"org.opencontainers.image.ref.name":"2"}},)" + blob + "}");
  EXPECT_EQ(opened().images().size(), 1u);
}

// A referrer that stands in index.json beside its image, as our own layouts have it.
TEST_F(LayoutTest, AReferrerInTheIndexIsNoImage) {
  const std::string image = R"({"schemaVersion":2,"layers":[]})";
  const auto subject =
      R"("subject":{"mediaType":"m","size":1,"digest":")" + oci::Digest::sha256(image).text() + "\"}";
  const auto first = add_blob(image);
  put_index(first + "}," + add_blob(R"({"schemaVersion":2,"layers":[],)" + subject + "}") + "}");
  ASSERT_EQ(opened().images().size(), 1u);
  EXPECT_EQ(opened().images()[0].digest, oci::Digest::sha256(image));
}

// All payloads together are bounded: what is too much is said of the entry.
TEST_F(LayoutTest, TheNumberOfSignaturesIsBounded) {
  const std::string payload = payload::write_simple_signing("r", fixture_image, {});
  add_blob(payload);
  const std::string layer =
      R"({"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","size":1,"digest":")" +
      oci::Digest::sha256(payload).text() +
      R"(","annotations":{"dev.cosignproject.cosign/signature":"c2ln"}})";
  std::string layers = layer;
  for (std::size_t i = 0; i < limits::layers_per_manifest; ++i) layers += "," + layer;
  put_index(add_blob(R"({"schemaVersion":2,"layers":[)" + layers + "]}") +
            R"(,"annotations":{"kind":"dev.cosignproject.cosign/sigs"}})");
  const auto listing = *opened().list(fixture_image);
  EXPECT_TRUE(listing.truncated);
  EXPECT_EQ(listing.entries.size(), limits::layers_per_manifest);
}

}  // namespace
}  // namespace sigstore::store
