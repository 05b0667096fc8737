#include "sigstore/store/referrers/referrers_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/payload/statement.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/referrers/bundle_manifest.h"
#include "sigstore/store/referrers/fallback_index.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;
using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using remote::testing::Request;

const oci::Repository repository{"registry.example", "devops/nginx"};
const std::string fixtures = SOURCE_ROOT "/test/interop/testdata/";
constexpr std::string_view image_manifest = R"({"schemaVersion":2,"layers":[]})";
constexpr const char* created = "org.opencontainers.image.created";

bundle::Bundle bundle_of(const oci::Digest& subject, const std::string& signature = "sig") {
  bundle::Bundle out;
  out.content = bundle::EnvelopeContent{std::string(payload::in_toto_payload_type),
                                        payload::write_sign_statement(subject, {})};
  out.signature = to_bytes(signature);
  return out;
}

class ReferrersTest : public testing::Test {
 protected:
  explicit ReferrersTest(MemoryOptions options = {})
      : registry(options),
        image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest, image_manifest)),
        store(make_referrers_store(registry, fake.env(), {})) {}

  Stored put(const std::string& signature = "sig") {
    auto stored = store->put(repository, image, bundle_of(image.digest, signature));
    if (!stored) throw std::runtime_error(stored.error().text());
    return std::move(*stored);
  }
  Result<Listing> list(const ListOptions& options = {}) {
    return store->list(repository, image.digest, options);
  }
  Listing listed(const ListOptions& options = {}) {
    auto listing = list(options);
    if (!listing) throw std::runtime_error(listing.error().text());
    return std::move(*listing);
  }
  // A referrer made by hand: `more` goes into its manifest, `json` into its layer.
  oci::Descriptor add_referrer(const std::string& json, const std::string& more = {},
                               std::string_view layer_type = oci::media_type::bundle_v03) {
    const auto blob = registry.add_blob(repository, json);
    const std::string layer = R"({"mediaType":")" + std::string(layer_type) + R"(","size":)" +
                              std::to_string(blob.size) + R"(,"digest":")" + blob.digest.text() + "\"}";
    return add_manifest(R"("layers":[)" + layer + "]" + more);
  }
  oci::Descriptor add_manifest(const std::string& members) {
    const std::string text = R"({"schemaVersion":2,"subject":{"size":1,"digest":")" + image.digest.text() +
                             R"("},"artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json",)" +
                             members + "}";
    return registry.add_manifest(repository, "", oci::media_type::oci_manifest, text);
  }
  std::string fallback_text() {
    const auto content = registry.manifest(repository, fallback_tag(image.digest));
    return content ? content->bytes : content.error().text();
  }
  void put_fallback(std::string_view text, std::string_view media_type = oci::media_type::oci_index) {
    registry.add_manifest(repository, fallback_tag(image.digest), media_type, text);
  }
  static std::string index_of(const std::vector<oci::Descriptor>& manifests) {
    oci::Index index;
    index.media_type = oci::media_type::oci_index;
    index.manifests = manifests;
    return index.write();
  }

  fakes::FakeEnv fake;
  MemoryRegistry registry;
  oci::Descriptor image;
  std::unique_ptr<ArtifactStore> store;
};

class WithoutApi : public ReferrersTest {
 protected:
  WithoutApi() : ReferrersTest({.referrers_api = false, .known_to_honour = true}) {}
};
class FalseApi : public ReferrersTest {
 protected:
  FalseApi() : ReferrersTest({.referrers_listed = false, .known_to_honour = true}) {}
};

// --- foreign

TEST_F(WithoutApi, ReadsTheFallbackTagsOfRealCosign) {
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"})
    for (const std::string name : {"bundle-signature", "legacy-and-bundle", "bundle-attestation-only"}) {
      const oci::Repository there{"registry.example", version + "/" + name};
      registry.load_layout(fixtures + version + "/images/" + name, there);
      const auto digest = registry.resolve(*oci::Reference::parse(there.text() + ":latest"))->digest;
      const auto listing = store->list(there, digest);
      ASSERT_TRUE(listing) << there.text() << listing.error().text();
      ASSERT_EQ(listing->entries.size(), 1u) << there.text();
      EXPECT_TRUE(listing->entries[0].bundle) << listing->entries[0].bundle.error().text();
      EXPECT_EQ(listing->entries[0].location, oci::digest_reference(there, listing->entries[0].digest));
    }
}

// cosign.md 2d: for the same bundle and second, byte for byte what 3.1.2 wrote.
TEST(BundleManifest, IsThatOfRealCosign) {
  const std::string blobs = fixtures + "cosign-3.1.2/images/bundle-signature/blobs/sha256/";
  const auto expected =
      fakes::read_testdata(blobs + "0826744db47b70867040c9256015b303cdc7b278e2f6568e030ff7206b8191e0");
  const auto foreign = *oci::Manifest::parse(expected);
  const auto json = fakes::read_testdata(blobs + std::string(foreign.layers[0].digest.hex()));
  const auto second = *codec::rfc3339::parse(foreign.annotations.at(created));
  auto subject = *foreign.subject;
  subject.annotations = {{"from", "a list"}};
  const auto manifest = make_bundle_manifest(subject, *bundle::parse(json), json, second);
  ASSERT_TRUE(manifest) << manifest.error().text();
  EXPECT_EQ(manifest->write(), expected);
}

// --- writing

TEST_F(ReferrersTest, TheApiListsWhatWasPut) {
  const Stored stored = put();
  EXPECT_EQ(stored.format, Format::bundle);
  EXPECT_EQ(stored.location, oci::digest_reference(repository, stored.digest));
  EXPECT_FALSE(registry.manifest(repository, fallback_tag(image.digest)))
      << "no tag where the API keeps the list";
  const Listing listing = listed();
  ASSERT_EQ(listing.entries.size(), 1u);
  EXPECT_EQ(listing.entries[0].digest, stored.digest);
  EXPECT_EQ(*listing.entries[0].bundle, bundle_of(image.digest));
}

TEST_F(ReferrersTest, TheTimeIsNowOrSourceDateEpoch) {
  const auto created_by = [&](ReferrersOptions options) {
    const auto made =
        make_referrers_store(registry, fake.env(), options)->put(repository, image, bundle_of(image.digest));
    return oci::Manifest::parse(registry.manifest(repository, made->digest.text())->bytes)
        ->annotations.at(created);
  };
  EXPECT_EQ(created_by({}), "2026-01-01T00:00:00Z");
  EXPECT_EQ(created_by({.created = Time(1234567890s)}), "2009-02-13T23:31:30Z");
}

TEST_F(WithoutApi, TheFallbackTagHoldsFullDescriptors) {
  const Stored stored = put();
  const auto bytes = registry.manifest(repository, stored.digest.text())->bytes;
  EXPECT_EQ(fallback_text(), index_of({*oci::referrer_descriptor(bytes, oci::media_type::oci_manifest)}));
  EXPECT_NE(
      fallback_text().find(R"("dev.sigstore.bundle.predicateType":"https://sigstore.dev/cosign/sign/v1")"),
      std::string::npos);
  EXPECT_NE(fallback_text().find(R"("artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json")"),
            std::string::npos);
  EXPECT_EQ(listed().entries.size(), 1u);
}

// An API that answers 200 and keeps nothing is found out by reading back (cosign.md 5.36).
TEST_F(FalseApi, TheFallbackTagIsWrittenAndRead) {
  const Stored stored = put();
  EXPECT_NE(fallback_text().find(stored.digest.text()), std::string::npos);
  ASSERT_EQ(listed().entries.size(), 1u);
  EXPECT_EQ(listed().entries[0].digest, stored.digest);
}

TEST_F(WithoutApi, WhatStandsInTheIndexStays) {
  const auto first = add_referrer("{}");
  const std::string foreign =
      R"({"vendor":{"x":1.0},"manifests":[{"digest":")" + first.digest.text() +
      R"(","size":1,"annotations":{},"data":"e30=","zzz":null}],"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json"})";
  put_fallback(foreign);
  put();
  const std::string now = fallback_text();
  EXPECT_TRUE(now.starts_with(foreign.substr(0, foreign.find("}]") + 1))) << now;
  EXPECT_TRUE(now.ends_with(foreign.substr(foreign.find("],\"schema")))) << now;
}

TEST_F(WithoutApi, AnEntryThatIsGoneIsDroppedAndSaid) {
  const auto first = add_referrer("{}"), gone = add_referrer("{ }");
  put_fallback(index_of({gone, first}));
  registry.remove_manifest(repository, gone.digest);
  const Stored stored = put();
  EXPECT_EQ(fallback_text().find(gone.digest.text()), std::string::npos);
  EXPECT_NE(fallback_text().find(first.digest.text()), std::string::npos);
  ASSERT_EQ(stored.notes.size(), 1u);
  EXPECT_EQ(stored.notes[0], "the fallback tag listed " + gone.digest.text() +
                                 ", which is not there any more; it was taken off the list");
}

// Another signer's entry may be too new for one node of the registry, or be refused for a moment.
TEST_F(WithoutApi, OneMissedLookOrARefusalDropsNothing) {
  const auto first = add_referrer("{}");
  put_fallback(index_of({first}));
  for (const Code code : {Code::not_found, Code::forbidden, Code::unavailable}) {
    int misses = 0;
    registry.before(Call::resolve, [&](const Request&) -> Result<void> {
      if (code == Code::not_found && ++misses > 1) return {};
      return fail(code, "no");
    });
    EXPECT_TRUE(put(std::string(name(code))).notes.empty());
    EXPECT_NE(fallback_text().find(first.digest.text()), std::string::npos);
  }
}

// cosign's `copy` leaves a manifest under this very name (cosign.md 5.29).
TEST_F(WithoutApi, ATagThatIsNoListIsNotOverwritten) {
  put_fallback(image_manifest, oci::media_type::oci_manifest);
  const auto stored = store->put(repository, image, bundle_of(image.digest));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::malformed);
  EXPECT_NE(stored.error().text().find(fallback_tag(image.digest)), std::string::npos);
  EXPECT_EQ(fallback_text(), image_manifest);
}

TEST_F(ReferrersTest, AReadBackThatFailsIsAnError) {
  registry.before(Call::referrers,
                  [](const Request&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const auto stored = store->put(repository, image, bundle_of(image.digest));
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::unavailable);
  EXPECT_NE(stored.error().message.find("is uploaded"), std::string::npos);
}

TEST_F(ReferrersTest, ARegistryFromBeforeSubjectsIsTold) {
  registry.before(Call::push_manifest, [](const Request&) -> Result<void> {
    return fail(Code::unsupported, "no", "HTTP 400: MANIFEST_INVALID");
  });
  const auto stored = store->put(repository, image, bundle_of(image.digest));
  ASSERT_FALSE(stored);
  EXPECT_EQ(
      stored.error().message,
      "registry.example takes no signature as a manifest with a subject and an artifact type (OCI 1.1)");
  EXPECT_EQ(stored.error().cause, "HTTP 400: MANIFEST_INVALID");
  EXPECT_EQ(stored.error().hint, "--signature-format sig");
}

TEST_F(ReferrersTest, WhatABundleCannotHoldIsNotWritten) {
  bundle::Bundle bundle = bundle_of(image.digest);
  bundle.content = bundle::SimpleSigningContent{"{}"};
  registry.clear_log();
  EXPECT_EQ(store->put(repository, image, bundle).error().code, Code::unsupported);
  EXPECT_TRUE(registry.log().empty());
}

// --- reading

TEST_F(ReferrersTest, NothingThereIsAnEmptyList) {
  const Listing listing = listed();
  EXPECT_TRUE(listing.entries.empty() && listing.notes.empty() && !listing.truncated && !listing.stopped);
}

TEST_F(ReferrersTest, OtherReferrersArePassedOver) {
  const std::string subject = R"("subject":{"size":1,"digest":")" + image.digest.text() + "\"}";
  registry.add_manifest(
      repository, "", oci::media_type::oci_manifest,
      R"({"schemaVersion":2,"layers":[],"artifactType":"application/spdx+json",)" + subject + "}");
  registry.add_manifest(repository, "", oci::media_type::oci_manifest,
                        R"({"schemaVersion":2,"layers":[],)" + subject + "}");
  registry.add_manifest(repository, "", oci::media_type::oci_index,
                        R"({"schemaVersion":2,"manifests":[],)" + subject + "}");
  put();
  const Listing listing = listed();
  EXPECT_EQ(listing.entries.size(), 1u);
  EXPECT_TRUE(listing.notes.empty());
}

TEST_F(ReferrersTest, WhatCannotBeReadIsListedWithItsError) {
  const std::string good = *bundle::write(bundle_of(image.digest));
  add_referrer("{");
  add_referrer(R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.9+json"})");
  const auto missing = oci::Digest::sha256("missing");
  add_manifest(
      R"("layers":[{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","size":1,"digest":")" +
      missing.text() + "\"}]");
  const auto lying = oci::Digest::sha256("lying");
  registry.add_lying_blob(repository, lying, "x");
  add_manifest(
      R"("layers":[{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","size":1,"digest":")" +
      lying.text() + "\"}]");
  add_referrer(good);
  std::vector<Code> codes;
  int good_ones = 0;
  for (const auto& entry : listed().entries) {
    if (entry.bundle)
      ++good_ones;
    else
      codes.push_back(entry.bundle.error().code);
  }
  std::ranges::sort(codes);
  EXPECT_EQ(codes, (std::vector{Code::malformed, Code::not_found, Code::unsupported, Code::mismatch}));
  EXPECT_EQ(good_ones, 1);
}

TEST_F(ReferrersTest, AManifestWithMoreLayersIsNoBundle) {
  const auto blob = registry.add_blob(repository, *bundle::write(bundle_of(image.digest)));
  const std::string layer = R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","size":)" +
                            std::to_string(blob.size) + R"(,"digest":")" + blob.digest.text() + "\"}";
  add_manifest(R"("layers":[)" + layer + "," + layer + "]");
  ASSERT_EQ(listed().entries.size(), 1u);
  EXPECT_EQ(listed().entries[0].bundle.error().code, Code::malformed);
}

// `sign --registry-referrers-mode=oci-1-1 --new-bundle-format=false` of real cosign: each layer is a
// signature.
TEST_F(ReferrersTest, TheOlderFormIsReadToo) {
  const std::string payload =
      payload::write_simple_signing("registry.example/devops/nginx", image.digest, {});
  const auto blob = registry.add_blob(repository, payload);
  const auto layer = [&](std::string_view type, const std::string& signature) {
    return R"({"mediaType":")" + std::string(type) + R"(","size":)" + std::to_string(blob.size) +
           R"(,"digest":")" + blob.digest.text() +
           R"(","annotations":{"dev.cosignproject.cosign/signature":")" + signature + "\"}}";
  };
  const std::string text =
      R"({"schemaVersion":2,"config":{"size":2,"digest":")" + blob.digest.text() +
      R"(","mediaType":"application/vnd.dev.cosign.artifact.sig.v1+json"},"subject":{"size":1,"digest":")" +
      image.digest.text() + R"("},"layers":[)" + layer(oci::media_type::simple_signing, "c2ln") + "," +
      layer("text/plain", "c2ln") + "," + layer(oci::media_type::simple_signing, "") + "]}";
  registry.add_manifest(repository, "", oci::media_type::oci_manifest, text);
  const auto entries = listed().entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].format, Format::simple_signing);
  EXPECT_EQ(entries[0].digest, blob.digest);
  EXPECT_EQ(entries[0].location, oci::digest_reference(repository, oci::Digest::sha256(text)));
  EXPECT_EQ(std::get<bundle::SimpleSigningContent>(entries[0].bundle->content).payload, payload);
  EXPECT_EQ(entries[1].bundle.error().code, Code::malformed);  // it is there, and has no signature
}

// A list that names a stranger's referrer must not lend it to this image.
TEST_F(WithoutApi, AReferrerOfAnotherImageIsRefused) {
  const auto other = registry.add_manifest(repository, "other", oci::media_type::oci_manifest,
                                           std::string(image_manifest) + " ");
  const auto stored = store->put(repository, other, bundle_of(other.digest));
  ASSERT_TRUE(stored);
  auto descriptor = oci::Descriptor{};
  descriptor.digest = stored->digest;
  put_fallback(index_of({descriptor}));
  ASSERT_EQ(listed().entries.size(), 1u);
  EXPECT_EQ(listed().entries[0].bundle.error().code, Code::mismatch);
}

TEST_F(WithoutApi, AListedManifestThatIsGoneIsANote) {
  const auto gone = add_referrer("{}");
  put_fallback(index_of({gone}));
  registry.remove_manifest(repository, gone.digest);
  const Listing listing = listed();
  EXPECT_TRUE(listing.entries.empty());
  ASSERT_EQ(listing.notes.size(), 1u);
  EXPECT_NE(listing.notes[0].find(gone.digest.text()), std::string::npos);
}

TEST_F(WithoutApi, ATagThatIsNoListIsPassedOverAndSaid) {
  put_fallback(image_manifest, oci::media_type::oci_manifest);
  const Listing listing = listed();
  EXPECT_TRUE(listing.entries.empty());
  EXPECT_EQ(listing.notes, std::vector{"the tag " + fallback_tag(image.digest) +
                                       " is no list of referrers; it was passed over"});
}

TEST_F(WithoutApi, AListThatCannotBeReadIsAnError) {
  put_fallback(R"({"schemaVersion":2,"manifests":[1]})");
  EXPECT_EQ(list().error().code, Code::malformed);
  EXPECT_NE(list().error().text().find(fallback_tag(image.digest)), std::string::npos);
}

// Entries of old cosigns carry no type, or that of the empty config (cosign#4641).
TEST_F(WithoutApi, OldDescriptorsAreLookedAt) {
  const auto referrer = add_referrer(*bundle::write(bundle_of(image.digest)));
  for (const std::string type :
       {"", "application/vnd.oci.empty.v1+json", "application/vnd.dev.sigstore.bundle.v0.3+json"}) {
    auto descriptor = referrer;
    descriptor.artifact_type = type;
    put_fallback(index_of({descriptor, descriptor}));
    EXPECT_EQ(listed().entries.size(), 1u) << type;
  }
  auto descriptor = referrer;
  descriptor.artifact_type = "application/spdx+json";
  put_fallback(index_of({descriptor}));
  EXPECT_TRUE(listed().entries.empty());
}

// --- what is not known is never "absent"

TEST_F(ReferrersTest, ALookUpThatFailsIsAnError) {
  put();
  for (const Code code :
       {Code::unauthorized, Code::forbidden, Code::unavailable, Code::timeout, Code::unreachable, Code::tls})
    for (const Call call : {Call::referrers, Call::manifest, Call::blob}) {
      registry.before(call, [code](const Request&) -> Result<void> { return fail(code, "no"); });
      EXPECT_EQ(list().error().code, code);
      registry.before(call, {});
    }
}

TEST_F(WithoutApi, AFailingFallbackTagIsAnError) {
  for (const Code code : {Code::unavailable, Code::timeout, Code::unreachable}) {
    registry.before(Call::manifest, [code](const Request&) -> Result<void> { return fail(code, "no"); });
    EXPECT_EQ(list().error().code, code);
  }
}

TEST_F(WithoutApi, ARefusedFallbackTagIsAbsentWhereTheImageCanBeRead) {
  registry.before(Call::manifest,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  const Listing listing = listed();
  EXPECT_TRUE(listing.entries.empty());
  ASSERT_EQ(listing.notes.size(), 1u);
  EXPECT_NE(listing.notes[0].find(fallback_tag(image.digest)), std::string::npos);
  registry.before(Call::resolve,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  registry.before(Call::tags,
                  [](const Request&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  EXPECT_EQ(list().error().code, Code::forbidden);
}

// --- bounds

TEST_F(ReferrersTest, TheNewestComeLastAndAreKept) {
  std::vector<oci::Digest> by_age;
  const std::string bundle = *bundle::write(bundle_of(image.digest));
  for (const char* when :
       {"not a time", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00+02:00", "2026-01-01T02:00:00Z"})
    by_age.push_back(add_referrer(bundle, R"(,"annotations":{"org.opencontainers.image.created":")" +
                                              std::string(when) + "\"}")
                         .digest);
  std::vector<oci::Digest> seen;
  for (const auto& entry : listed().entries) seen.push_back(entry.digest);
  EXPECT_EQ(seen, by_age);
  const Listing newest = listed({.go_on = {}, .newest = 2});
  EXPECT_TRUE(newest.truncated);
  ASSERT_EQ(newest.entries.size(), 2u);
  EXPECT_EQ(newest.entries[0].digest, by_age[2]);
  EXPECT_EQ(newest.entries[1].digest, by_age[3]);
  EXPECT_FALSE(listed({.go_on = {}, .newest = 4}).truncated);
}

TEST_F(ReferrersTest, AllBundlesTogetherAreBounded) {
  const std::string bundle = *bundle::write(bundle_of(image.digest));
  for (int i = 0; i < 3; ++i)
    add_referrer(bundle + std::string(static_cast<std::size_t>(i), ' '),
                 R"(,"annotations":{"org.opencontainers.image.created":"2026-01-01T00:00:0)" +
                     std::to_string(i) + "Z\"}");
  store =
      make_referrers_store(registry, fake.env(), {.created = {}, .max_attachment = 2 * bundle.size() + 3});
  const Listing listing = listed();
  ASSERT_EQ(listing.entries.size(), 3u);
  EXPECT_EQ(listing.entries[0].bundle.error().code, Code::too_large);
  EXPECT_TRUE(listing.entries[1].bundle && listing.entries[2].bundle) << "the newest are read";
}

// Referrers of the older form hold many signatures each, with their annotations.
TEST_F(ReferrersTest, TheOlderFormIsBoundedToo) {
  const auto blob = registry.add_blob(repository, "payload");
  const auto add = [&](int i, std::size_t layers, std::size_t annotation) {
    const std::string layer =
        R"({"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","size":7,"digest":")" +
        blob.digest.text() + R"(","annotations":{"dev.cosignproject.cosign/signature":"c2ln","x":")" +
        std::string(annotation, 'x') + "\"}}";
    std::string all = layer;
    for (std::size_t n = 1; n < layers; ++n) all += "," + layer;
    add_manifest(R"("layers":[)" + all + R"(],"annotations":{"n":")" + std::to_string(i) + "\"}");
  };
  for (int i = 0; i < 3; ++i) add(i, 400, 1);
  const Listing many = listed();
  EXPECT_TRUE(many.truncated);
  EXPECT_EQ(many.entries.size(), limits::referrers);
  EXPECT_EQ(registry.count(Call::blob), 1);
  for (int i = 3; i < 12; ++i) add(i, 1, 2 * limits::mib);
  const auto entries = listed().entries;
  const auto too_large = std::ranges::count_if(entries, [](const auto& entry) {
    return !entry.bundle && entry.bundle.error().code == Code::too_large;
  });
  EXPECT_GE(too_large, 1) << "9 manifests of 2 MiB are more than 16 MiB";
}

TEST_F(ReferrersTest, ALookUpCanBeEnded) {
  put();
  registry.clear_log();
  const Listing listing = listed({.go_on = [] { return false; }});
  EXPECT_TRUE(listing.stopped);
  EXPECT_EQ(registry.log().size(), 1u);
}

TEST_F(ReferrersTest, NothingIsFetchedTwice) {
  put("a");
  put("b");
  registry.clear_log();
  EXPECT_EQ(listed().entries.size(), 2u);
  EXPECT_EQ(registry.count(Call::referrers), 1);
  EXPECT_EQ(registry.count(Call::manifest), 2);
  EXPECT_EQ(registry.count(Call::blob), 2);
  EXPECT_EQ(registry.count(Call::resolve), 0);
}

// --- replacing

TEST_F(ReferrersTest, WhatIsReplacedIsDeletedOnceTheNewOneIsListed) {
  const auto old = put("old");
  put("other");
  registry.before(Call::delete_manifest, [&](const Request&) -> Result<void> {
    EXPECT_EQ(registry.referrers(repository, image.digest)->descriptors.size(), 3u);
    return {};
  });
  const auto stored = store->put(repository, image, bundle_of(image.digest, "new"), {{old.digest}});
  ASSERT_TRUE(stored) << stored.error().text();
  EXPECT_TRUE(stored->notes.empty());
  EXPECT_FALSE(registry.manifest(repository, old.digest.text()));
  EXPECT_EQ(listed().entries.size(), 2u);
}

TEST_F(WithoutApi, WhatIsReplacedIsTakenOffTheListFirst) {
  const auto old = put("old");
  put("other");
  registry.before(Call::delete_manifest, [&](const Request&) -> Result<void> {
    EXPECT_FALSE(fallback_text().contains(old.digest.text()));
    return fail(Code::unsupported, "nothing is deleted here");
  });
  const auto stored = store->put(repository, image, bundle_of(image.digest, "new"), {{old.digest}});
  ASSERT_TRUE(stored) << stored.error().text();
  ASSERT_EQ(stored->notes.size(), 1u);
  EXPECT_TRUE(stored->notes[0].contains(old.digest.text())) << stored->notes[0];
  EXPECT_EQ(listed().entries.size(), 2u);
}

}  // namespace
}  // namespace sigstore::store
