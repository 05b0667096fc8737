#include "sigstore/sign/pipeline.h"

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"
#include "sigstore/verify/judge.h"

namespace sigstore::sign {
namespace {

using remote::testing::Call;
using store::Format;

const oci::Repository repository{"registry.example", "devops/nginx"};
constexpr std::string_view image_manifest =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[]})";

class SignTest : public testing::Test {
 protected:
  SignTest()
      : image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest, image_manifest)),
        tags(store::make_tag_store(registry, fake.env(), {})),
        referrers(store::make_referrers_store(registry, fake.env(), {})),
        key(*crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)) {}

  Outcome sign(const Stores& stores, const Options& options = {}) {
    return sign_image(key, stores, prepare(stores, repository, repository, image, options), options);
  }
  std::size_t stored(store::ArtifactStore& store) {
    const auto listing = store.list(repository, image.digest);
    EXPECT_TRUE(listing.has_value());
    return listing ? listing->entries.size() : 0;
  }

  fakes::FakeEnv fake;
  remote::testing::MemoryRegistry registry;
  oci::Descriptor image;
  std::unique_ptr<store::ArtifactStore> tags, referrers;
  crypto::PrivateKey key;
};

TEST_F(SignTest, StoresOneSignaturePerFormatAndEachVerifies) {
  const Outcome outcome = sign({tags.get(), referrers.get()});
  ASSERT_TRUE(outcome.failures.empty()) << outcome.failures[0].error.text();
  ASSERT_EQ(outcome.made.size(), 2u);
  verify::Requirements requirements;
  requirements.subject = image.digest;
  requirements.log_entries = 0;
  for (const Made& made : outcome.made) {
    EXPECT_FALSE(made.already_there);
    EXPECT_TRUE(verify::judge(made.bundle, {{{key.public_key(), "k"}}}, requirements).accepted());
  }
  EXPECT_EQ(stored(*tags), 1u);
  EXPECT_EQ(stored(*referrers), 1u);
}

TEST_F(SignTest, SigningAgainAddsNothingAndSaysWhatStands) {
  const Stores stores{tags.get(), referrers.get()};
  const Outcome first = sign(stores);
  fake.clock.advance(std::chrono::hours(1));
  const Outcome second = sign(stores);
  ASSERT_EQ(second.made.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(second.made[i].already_there);
    EXPECT_EQ(second.made[i].stored_digest, first.made[i].stored_digest);
    EXPECT_EQ(second.made[i].bundle.signature, first.made[i].bundle.signature);
  }
  EXPECT_EQ(stored(*tags), 1u);
  EXPECT_EQ(stored(*referrers), 1u);
}

TEST_F(SignTest, OtherAnnotationsKeyOrIdentityAreAnotherSignature) {
  const Stores stores{tags.get(), referrers.get()};
  sign(stores);
  EXPECT_FALSE(sign(stores, {.annotations = {{"env", "prod"}}}).made[0].already_there);
  EXPECT_FALSE(sign({tags.get()}, {.docker_reference = "other/name"}).made[0].already_there);
  key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  EXPECT_FALSE(sign(stores).made[1].already_there);
  EXPECT_EQ(stored(*tags), 4u);
}

TEST_F(SignTest, ASubsetOfAnnotationsIsNotEqual) {
  const Stores stores{tags.get(), referrers.get()};
  sign(stores, {.annotations = {{"env", "prod"}, {"tier", "1"}}});
  for (const Made& made : sign(stores, {.annotations = {{"env", "prod"}}}).made)
    EXPECT_FALSE(made.already_there);
}

// A stored entry that only claims to be ours must not stop us from signing.
TEST_F(SignTest, AForgedEqualEntryDoesNotCount) {
  Made made = sign({tags.get()}).made[0];
  const oci::Descriptor other = registry.add_manifest(repository, "other", oci::media_type::oci_manifest,
                                                      std::string(image_manifest) + " ");
  made.bundle.signature.back() ^= 1;
  ASSERT_TRUE(tags->put(repository, other, made.bundle));
  const Stores stores{tags.get()};
  EXPECT_FALSE(
      sign_image(key, stores, prepare(stores, repository, repository, other, {}), {}).made[0].already_there);
}

TEST_F(SignTest, ForceSignsAnewWithoutLooking) {
  sign({tags.get()});
  registry.clear_log();
  const Outcome outcome = sign({tags.get()}, {.force = true});
  EXPECT_FALSE(outcome.made[0].already_there);
  EXPECT_EQ(stored(*tags), 2u);
}

TEST_F(SignTest, OneFormatThatFailsDoesNotStopTheOther) {
  registry.before(Call::referrers,
                  [](const auto&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const Outcome outcome = sign({referrers.get(), tags.get()});
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].format, Format::bundle);
  EXPECT_EQ(outcome.failures[0].error.code, Code::unavailable);
  ASSERT_EQ(outcome.made.size(), 1u);
  EXPECT_EQ(outcome.made[0].format, Format::simple_signing);
}

TEST_F(SignTest, AGivenPayloadMustNameTheImage) {
  Options options;
  options.payload = R"({"critical":{"image":{"docker-manifest-digest":")" +
                    oci::Digest::sha256("other").text() + R"("},"type":"cosign container image signature"}})";
  const Outcome outcome = sign({tags.get()}, options);
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].error.code, Code::mismatch);
  EXPECT_EQ(stored(*tags), 0u);
}

TEST_F(SignTest, ManyImagesKeepTheirOrder) {
  std::vector<Prepared> all;
  for (int i = 0; i < 12; ++i) {
    const auto one = registry.add_manifest(repository, "", oci::media_type::oci_manifest,
                                           std::string(image_manifest) + std::string(i, ' '));
    all.push_back(prepare({tags.get()}, repository, repository, one, {}));
  }
  const Outcome outcome = sign_images(key, {tags.get()}, all, {}, 4);
  ASSERT_EQ(outcome.made.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(outcome.made[i].subject, all[i].subject.digest);
}

TEST_F(SignTest, RecursiveFindsEveryManifestBelowAnIndexOnce) {
  oci::Index inner;
  inner.media_type = oci::media_type::oci_index;
  inner.manifests = {image, image};
  const auto inner_descriptor =
      registry.add_manifest(repository, "", oci::media_type::oci_index, inner.write());
  oci::Index outer;
  outer.media_type = oci::media_type::oci_index;
  outer.manifests = {inner_descriptor, image};
  const auto root = registry.add_manifest(repository, "multi", oci::media_type::oci_index, outer.write());
  const auto all = subjects(registry, repository, root, true);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].digest, root.digest);
  EXPECT_EQ(subjects(registry, repository, root, false)->size(), 1u);
}

}  // namespace
}  // namespace sigstore::sign
