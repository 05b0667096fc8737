#include "sigstore/store/tag/tag_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/testdata.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/remote/registry/testing/memory_registry.h"

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

bundle::Bundle signed_by(const std::string& signature, const oci::Digest& image,
                         const oci::Annotations& annotations = {}) {
  bundle::Bundle out;
  out.content =
      bundle::SimpleSigningContent{payload::write_simple_signing(repository.text(), image, annotations)};
  out.signature = to_bytes(signature);
  return out;
}

class TagStoreTest : public testing::Test {
 protected:
  explicit TagStoreTest(MemoryOptions options = {.known_to_honour = true})
      : registry(options),
        image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest, image_manifest)),
        tag(oci::attachment_tag(image.digest, ".sig")),
        store(make_tag_store(registry, fake.env(), {})) {}

  Result<Stored> try_put(const bundle::Bundle& bundle) { return store->put(repository, image, bundle); }
  Stored put(const std::string& signature, const oci::Annotations& annotations = {}) {
    auto stored = try_put(signed_by(signature, image.digest, annotations));
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
  remote::ManifestContent tagged(const std::string& name = {}) {
    auto content = registry.manifest(repository, name.empty() ? tag : name);
    if (!content) throw std::runtime_error(content.error().text());
    return std::move(*content);
  }
  std::string config_text() {
    const auto manifest = oci::Manifest::parse(tagged().bytes);
    return *registry.blob(repository, manifest->config, 10000);
  }
  static std::vector<std::string> signatures(const Listing& listing) {
    std::vector<std::string> out;
    for (const auto& entry : listing.entries)
      out.push_back(entry.bundle ? to_text(entry.bundle->signature) : entry.bundle.error().text());
    return out;
  }
  void refuse(Call call, Code code, const std::string& target = {}) {
    registry.before(call, [code, target](const Request& request) -> Result<void> {
      if (!target.empty() && request.target != target) return {};
      return fail(code, "refused");
    });
  }

  fakes::FakeEnv fake;
  MemoryRegistry registry;
  oci::Descriptor image;
  std::string tag;
  std::unique_ptr<ArtifactStore> store;
};

// --- foreign

TEST_F(TagStoreTest, ReadsTheTagsOfRealCosign) {
  const std::pair<std::string, std::size_t> rows[] = {
      {"legacy-signature", 1},       {"legacy-two-keys", 2},     {"legacy-rsa", 1}, {"legacy-and-bundle", 1},
      {"legacy-recursive-index", 1}, {"legacy-attestations", 0}, {"unsigned", 0}};
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"})
    for (const auto& [name, count] : rows) {
      const oci::Repository there{"registry.example", version + "/" + name};
      registry.load_layout(fixtures + version + "/images/" + name, there);
      const auto digest = registry.resolve(*oci::Reference::parse(there.text() + ":latest"))->digest;
      const auto listing = store->list(there, digest);
      ASSERT_TRUE(listing) << there.text() << listing.error().text();
      EXPECT_EQ(listing->entries.size(), count) << there.text();
      for (const auto& entry : listing->entries) {
        ASSERT_TRUE(entry.bundle) << entry.bundle.error().text();
        EXPECT_EQ(entry.digest, oci::Digest::sha256(bundle::signed_bytes(entry.bundle->content)->joined()));
      }
    }
}

// The layers of two signatures of real cosign, put one after the other, make its manifest and config again.
TEST_F(TagStoreTest, WritesTheManifestOfRealCosign) {
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"})
    for (const std::string name : {"legacy-signature", "legacy-two-keys", "legacy-rsa"}) {
      const oci::Repository theirs{"theirs.example", version + "/" + name},
          ours{"ours.example", version + "/" + name};
      registry.load_layout(fixtures + version + "/images/" + name, theirs);
      const auto subject = *registry.resolve(*oci::Reference::parse(theirs.text() + ":latest"));
      const auto foreign = store->list(theirs, subject.digest);
      for (const auto& entry : foreign->entries) {
        const auto stored = store->put(ours, subject, *entry.bundle);
        ASSERT_TRUE(stored) << stored.error().text();
      }
      const auto there = oci::attachment_tag(subject.digest, ".sig");
      EXPECT_EQ(registry.manifest(ours, there)->bytes, registry.manifest(theirs, there)->bytes)
          << theirs.text();
    }
}

// --- writing

TEST_F(TagStoreTest, PutSaysWhereItIs) {
  const Stored stored = put("a");
  EXPECT_EQ(stored.format, Format::simple_signing);
  EXPECT_EQ(stored.location, repository.text() + ":" + tag);
  EXPECT_EQ(stored.digest, oci::Digest::sha256(bundle::signed_bytes(stored.bundle->content)->joined()));
  EXPECT_TRUE(stored.notes.empty());
}

TEST_F(TagStoreTest, AppendingKeepsOthersAsTheyAre) {
  const auto payload = registry.add_blob(repository, "theirs");
  const auto config = registry.add_blob(repository, "{}");
  const std::string layer =
      R"({"digest":")" + payload.digest.text() +
      R"(","size":6,"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json",)"
      R"("annotations":{"z":"1","dev.cosignproject.cosign/signature":"dGhlaXJz","a":"2"},"vendor":[1.0]})";
  const std::string attestation =
      R"({"mediaType":"application/vnd.dsse.envelope.v1+json","size":6,"digest":")" + payload.digest.text() +
      R"(","annotations":{}})";
  const std::string theirs =
      R"({"vendor":{"n":12345678901234567890},"layers":[)" + layer + "," + attestation +
      R"(],"config":{"mediaType":"application/vnd.example.config","size":2,"digest":")" +
      config.digest.text() +
      R"("},"annotations":{"kept":"yes"},"mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2})";
  registry.add_manifest(repository, tag, oci::media_type::oci_manifest, theirs);
  put("ours");
  const auto now = tagged();
  EXPECT_EQ(now.descriptor.media_type, oci::media_type::oci_manifest);
  const auto before_ours = theirs.substr(0, theirs.find(attestation) + attestation.size());
  EXPECT_TRUE(now.bytes.starts_with(before_ours + ",{")) << now.bytes;
  EXPECT_TRUE(now.bytes.ends_with(
      R"("annotations":{"kept":"yes"},"mediaType":"application/vnd.oci.image.manifest.v1+json","schemaVersion":2})"))
      << now.bytes;
  EXPECT_NE(now.bytes.find(R"("config":{"mediaType":"application/vnd.example.config")"), std::string::npos);
  EXPECT_EQ(signatures(listed()), (std::vector<std::string>{"theirs", "ours"}));
  EXPECT_EQ(listed().notes, std::vector<std::string>{"1 of the layers under the .sig tag are no signatures"});
}

TEST_F(TagStoreTest, TheConfigCountsTheLayers) {
  put("a", {{"n", "1"}});
  put("b", {{"n", "2"}});
  const auto entries = listed().entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(
      config_text(),
      R"({"architecture":"","created":"0001-01-01T00:00:00Z","history":[{"created":"0001-01-01T00:00:00Z"},)"
      R"({"created":"0001-01-01T00:00:00Z"}],"os":"","rootfs":{"type":"layers","diff_ids":[")" +
          entries[0].digest.text() + R"(",")" + entries[1].digest.text() + R"("]},"config":{}})");
}

TEST_F(TagStoreTest, TheSameTwiceStandsOnce) {
  put("a");
  put("a");
  EXPECT_EQ(listed().entries.size(), 1u);
}

// cosign.md 2c: COSIGN_DOCKER_MEDIA_TYPES counts only where the tag did not exist.
TEST_F(TagStoreTest, DockerMediaTypesAreForANewTag) {
  const auto docker = make_tag_store(registry, fake.env(), {.docker_media_types = true});
  ASSERT_TRUE(docker->put(repository, image, signed_by("a", image.digest)));
  EXPECT_EQ(tagged().descriptor.media_type, oci::media_type::docker_manifest);
  put("b");
  const auto both = tagged();
  EXPECT_EQ(both.descriptor.media_type, oci::media_type::docker_manifest) << "the tag keeps its type";
  const auto manifest = *oci::Manifest::parse(both.bytes);
  EXPECT_EQ(manifest.media_type, oci::media_type::docker_manifest);
  EXPECT_EQ(manifest.config.media_type, oci::media_type::docker_config);
  EXPECT_EQ(listed().entries.size(), 2u);
  registry.remove_tag(repository, tag);
  put("c");
  EXPECT_EQ(tagged().descriptor.media_type, oci::media_type::oci_manifest);
  ASSERT_TRUE(docker->put(repository, image, signed_by("d", image.digest)));
  EXPECT_EQ(tagged().descriptor.media_type, oci::media_type::oci_manifest);
}

TEST_F(TagStoreTest, TheTimeIsYearOneOrSourceDateEpoch) {
  store = make_tag_store(registry, fake.env(), {.created = Time(1234567890s)});
  put("a");
  EXPECT_TRUE(config_text().starts_with(
      R"({"architecture":"","created":"2009-02-13T23:31:30Z","history":[{"created":"0001-)"))
      << config_text();
}

TEST_F(TagStoreTest, APrefixNamesAnotherTag) {
  store = make_tag_store(registry, fake.env(), {.prefix = "mine-"});
  EXPECT_EQ(put("a").location, repository.text() + ":mine-" + tag);
  EXPECT_EQ(tagged("mine-" + tag).descriptor.media_type, oci::media_type::oci_manifest);
  EXPECT_FALSE(registry.manifest(repository, tag));
  EXPECT_EQ(listed().entries.size(), 1u);
}

TEST_F(TagStoreTest, AnEnvelopeIsNotForTheTag) {
  bundle::Bundle bundle;
  bundle.content = bundle::EnvelopeContent{"t", "p"};
  EXPECT_EQ(try_put(bundle).error().code, Code::invalid_argument);
}

TEST_F(TagStoreTest, ATagThatHoldsSomethingElseIsNotOverwritten) {
  for (const std::string text :
       {R"({"schemaVersion":2,"manifests":[]})", "{", R"({"schemaVersion":2,"layers":[1]})"}) {
    registry.add_manifest(repository, tag, oci::media_type::oci_manifest, text);
    const auto stored = try_put(signed_by("a", image.digest));
    ASSERT_FALSE(stored) << text;
    EXPECT_EQ(stored.error().code, Code::malformed);
    EXPECT_EQ(tagged().bytes, text);
  }
}

class ImmutableTags : public TagStoreTest {
 protected:
  ImmutableTags() : TagStoreTest({.known_to_honour = true, .immutable_tags = true}) {}
};

TEST_F(ImmutableTags, AnImmutableTagIsItsOwnError) {
  put("a");
  const auto second = try_put(signed_by("b", image.digest));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::forbidden);
  EXPECT_NE(second.error().message.find("immutable"), std::string::npos);
  EXPECT_EQ(second.error().hint, "--signature-format bundle");
}

// A registry that locks tags in words that nobody knows, and one that takes no such manifest at all.
TEST_F(TagStoreTest, ARefusalSaysWhatToTry) {
  refuse(Call::push_manifest, Code::unsupported);
  const auto first = try_put(signed_by("a", image.digest));
  ASSERT_FALSE(first);
  EXPECT_NE(first.error().message.find("takes no signature as a manifest under the tag " + tag),
            std::string::npos);
  EXPECT_NE(first.error().hint.find("COSIGN_REPOSITORY"), std::string::npos);
  registry.before(Call::push_manifest, {});
  put("a");
  refuse(Call::push_manifest, Code::unsupported);
  const auto second = try_put(signed_by("b", image.digest));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::forbidden);
  EXPECT_NE(second.error().message.find("does not let it change"), std::string::npos);
  EXPECT_EQ(second.error().hint, "--signature-format bundle");
}

// --- "No signature is lost": who may take a refusal for absence

class HiddenTags : public TagStoreTest, public testing::WithParamInterface<Code> {
 protected:
  HiddenTags() : TagStoreTest({.known_to_honour = true, .absent_tag = GetParam()}) {}
};
INSTANTIATE_TEST_SUITE_P(Of, HiddenTags, testing::Values(Code::unauthorized, Code::forbidden));

// A reader takes the tag as absent once it has read the image in the same repository.
TEST_P(HiddenTags, ForAReaderTheImageDecides) {
  const Listing listing = listed();
  EXPECT_TRUE(listing.entries.empty());
  ASSERT_EQ(listing.notes.size(), 1u);
  EXPECT_NE(listing.notes[0].find(tag), std::string::npos);
  refuse(Call::resolve, GetParam());
  EXPECT_TRUE(listed().entries.empty());  // the list of tags does not name it
  refuse(Call::tags, GetParam());
  EXPECT_EQ(list().error().code, GetParam());
}

// A writer must not overwrite what it cannot see: the list of tags decides.
TEST_P(HiddenTags, ForAWriterTheListOfTagsDecides) {
  refuse(Call::tags, Code::forbidden);
  const auto refused = try_put(signed_by("a", image.digest));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, GetParam());
  EXPECT_NE(refused.error().message.find("nothing is written"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("list the tags of, registry.example/devops/nginx"), std::string::npos);
  EXPECT_EQ(refused.error().hint.find("cosign login") != std::string::npos, GetParam() == Code::unauthorized);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
  registry.before(Call::tags, {});
  const Stored stored = put("a");
  ASSERT_EQ(stored.notes.size(), 1u);
  EXPECT_NE(stored.notes[0].find("list of tags does not name it"), std::string::npos);
  EXPECT_EQ(listed().entries.size(), 1u);
}

TEST_F(TagStoreTest, AWriterThatMayNotReadAnExistingTagStops) {
  put("a");
  refuse(Call::manifest, Code::forbidden, tag);
  const auto before = registry.count(Call::push_manifest);
  const auto refused = try_put(signed_by("b", image.digest));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::forbidden);
  EXPECT_NE(refused.error().message.find("which exists"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("permission to pull from"), std::string::npos);
  EXPECT_EQ(registry.count(Call::push_manifest), before);
}

TEST_F(TagStoreTest, AWriterThatMayNotPushIsToldSo) {
  refuse(Call::push_manifest, Code::forbidden);
  const auto refused = try_put(signed_by("a", image.digest));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().hint.find("permission to push to"), std::string::npos);
}

// --- reading

TEST_F(TagStoreTest, ALookUpThatFailsIsAnError) {
  put("a");
  for (const Code code : {Code::unavailable, Code::timeout, Code::unreachable, Code::tls})
    for (const Call call : {Call::manifest, Call::blob}) {
      refuse(call, code);
      EXPECT_EQ(list().error().code, code);
      registry.before(call, {});
    }
  for (const Code code : {Code::unauthorized, Code::forbidden}) {
    refuse(Call::blob, code);
    EXPECT_EQ(list().error().code, code) << "a payload that is refused is not absent";
  }
}

TEST_F(TagStoreTest, WhatCannotBeReadIsListedWithItsError) {
  put("a", {{"n", "1"}});
  const auto missing = oci::Digest::sha256("missing"), lying = oci::Digest::sha256("lying");
  registry.add_lying_blob(repository, lying, "x");
  auto manifest = *oci::Manifest::parse(tagged().bytes);
  for (const auto& digest : {missing, lying}) {
    manifest.layers.push_back(manifest.layers[0]);
    manifest.layers.back().digest = digest;
    manifest.layers.back().size = 1;
  }
  manifest.layers.push_back(manifest.layers[0]);
  manifest.layers.back().annotations.clear();
  registry.add_manifest(repository, tag, oci::media_type::oci_manifest, manifest.write());
  std::vector<Code> codes;
  const Listing listing = listed();
  for (const auto& entry : listing.entries)
    codes.push_back(entry.bundle ? Code::internal : entry.bundle.error().code);
  EXPECT_EQ(codes, (std::vector{Code::internal, Code::not_found, Code::mismatch, Code::malformed}));
}

TEST_F(TagStoreTest, ATagThatHoldsNoManifestIsAnError) {
  registry.add_manifest(repository, tag, oci::media_type::oci_manifest, "{");
  EXPECT_EQ(list().error().code, Code::malformed);
  EXPECT_NE(list().error().message.find(tag), std::string::npos);
}

TEST_F(TagStoreTest, TheNewestAreKept) {
  for (int i = 0; i < 4; ++i) put(std::to_string(i), {{"n", std::to_string(i)}});
  const Listing newest = listed({.go_on = {}, .newest = 2});
  EXPECT_EQ(signatures(newest), (std::vector<std::string>{"2", "3"}));
  EXPECT_TRUE(newest.truncated);
  EXPECT_FALSE(listed().truncated);
}

TEST_F(TagStoreTest, AllPayloadsTogetherAreBounded) {
  for (int i = 0; i < 3; ++i) put(std::to_string(i), {{"n", std::to_string(i)}});
  const auto size = payload::write_simple_signing(repository.text(), image.digest, {{"n", "0"}}).size();
  store = make_tag_store(registry, fake.env(), {.max_attachment = 2 * size});
  const Listing listing = listed();
  ASSERT_EQ(listing.entries.size(), 3u);
  EXPECT_EQ(listing.entries[0].bundle.error().code, Code::too_large);
  EXPECT_TRUE(listing.entries[1].bundle && listing.entries[2].bundle);
}

TEST_F(TagStoreTest, ALookUpCanBeEnded) {
  put("a");
  registry.clear_log();
  EXPECT_TRUE(listed({.go_on = [] { return false; }}).stopped);
  EXPECT_EQ(registry.log().size(), 1u);
}

// Many signatures over one payload: it is fetched once.
TEST_F(TagStoreTest, AnEqualPayloadIsFetchedOnce) {
  for (int i = 0; i < 5; ++i) put(std::to_string(i));
  registry.clear_log();
  EXPECT_EQ(listed().entries.size(), 5u);
  EXPECT_EQ(registry.count(Call::blob), 1);
  EXPECT_EQ(registry.count(Call::manifest), 1);
}

}  // namespace
}  // namespace sigstore::store
