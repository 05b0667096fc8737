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

TEST_F(SignTest, AnImageThatIsNamedTwiceIsSignedOnce) {
  const oci::Repository elsewhere{"registry.example", "signatures"};
  std::vector<Prepared> all;
  for (const auto& target : {repository, repository, elsewhere})
    all.push_back(prepare({tags.get()}, repository, target, image, {}));
  EXPECT_EQ(sign_images(key, {tags.get()}, all, {.force = true}, 4).made.size(), 2u);
  EXPECT_EQ(stored(*tags), 1u);
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

// --- what is signed with

// Seen with real cosign 3.1.2 and 2.6.5, which verify these in both formats and no other digest.
TEST_F(SignTest, EveryTypeOfKeySignsInTheFormThatRealCosignVerifies) {
  const std::pair<crypto::KeyType, crypto::Scheme> rows[] = {
      {crypto::KeyType::ecdsa_p256, crypto::Scheme::ecdsa_sha256},
      {crypto::KeyType::ecdsa_p384, crypto::Scheme::ecdsa_sha256},
      {crypto::KeyType::ecdsa_p521, crypto::Scheme::ecdsa_sha256},
      {crypto::KeyType::rsa, crypto::Scheme::rsa_pkcs1_sha256},
      {crypto::KeyType::ed25519, crypto::Scheme::ed25519}};
  verify::Requirements requirements;
  requirements.subject = image.digest;
  requirements.log_entries = 0;
  for (const auto& [type, scheme] : rows) {
    key = *crypto::PrivateKey::generate(type);
    const Outcome outcome = sign({tags.get(), referrers.get()});
    ASSERT_EQ(outcome.made.size(), 2u);
    for (const Made& made : outcome.made) {
      const auto verdict = verify::judge(made.bundle, {{{key.public_key(), "k"}}}, requirements);
      EXPECT_TRUE(verdict.accepted()) << crypto::name(scheme);
      EXPECT_EQ(verdict.scheme, scheme) << store::name(made.format);
      EXPECT_EQ(made.bundle.key.hint, key.public_key().hint());
    }
  }
}

// --- signing again

TEST_F(SignTest, EqualBundlesAreEqualWithAndWithoutAnnotations) {
  const Stores stores{referrers.get()};
  for (const oci::Annotations& annotations : {oci::Annotations{}, {{"a", "1"}}, {{"a", "1"}, {"b", "2"}}}) {
    EXPECT_FALSE(sign(stores, {.annotations = annotations}).made[0].already_there);
    EXPECT_TRUE(sign(stores, {.annotations = annotations}).made[0].already_there);
  }
  EXPECT_FALSE(sign(stores, {.annotations = {{"a", "2"}}}).made[0].already_there);
  EXPECT_FALSE(sign(stores, {.annotations = {{"b", "1"}}}).made[0].already_there);
}

// An attestation by this very key, over this very image, is no signature.
TEST_F(SignTest, AnAttestationIsNotEqual) {
  Made made = sign({referrers.get()}).made[0];
  auto& content = std::get<bundle::EnvelopeContent>(made.bundle.content);
  content.payload.replace(content.payload.find("cosign/sign/v1"), 14, "cosign/else/v1");
  made.bundle.signature =
      *key.sign(crypto::Scheme::ecdsa_sha256, as_bytes(bundle::signed_bytes(made.bundle.content)->joined()));
  const oci::Descriptor other =
      registry.add_manifest(repository, "other", oci::media_type::oci_manifest, image_manifest);
  registry.remove_manifest(repository, made.stored_digest);
  ASSERT_TRUE(referrers->put(repository, other, made.bundle));
  EXPECT_FALSE(sign({referrers.get()}).made[0].already_there);
}

// `sign --payload` of any form: the same bytes by the same key are the same signature.
TEST_F(SignTest, AGivenPayloadIsFoundAgain) {
  Options options;
  options.payload =
      R"({"critical":{"image":{"docker-manifest-digest":")" + image.digest.text() + R"("},"type":"my own"}})";
  EXPECT_FALSE(sign({tags.get()}, options).made[0].already_there);
  EXPECT_TRUE(sign({tags.get()}, options).made[0].already_there);
  *options.payload += " ";
  EXPECT_FALSE(sign({tags.get()}, options).made[0].already_there);
}

// At most the 100 newest: an equal one that is older is not found, and one more is added.
TEST_F(SignTest, TheHundredNewestAreLookedAt) {
  const Stores stores{tags.get()};
  sign(stores);
  for (std::size_t i = 0; i < limits::resign_candidates - 1; ++i)
    sign(stores, {.annotations = {{"n", std::to_string(i)}}, .force = true});
  EXPECT_TRUE(sign(stores).made[0].already_there);
  sign(stores, {.annotations = {{"n", "one more"}}, .force = true});
  EXPECT_FALSE(sign(stores).made[0].already_there);
  EXPECT_EQ(stored(*tags), limits::resign_candidates + 2);
}

TEST_F(SignTest, ALookUpThatFailsStopsBeforeAnythingIsWritten) {
  registry.before(Call::manifest,
                  [](const auto&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const Outcome outcome = sign({tags.get()});
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0].error.code, Code::unavailable);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
}

// A repository of its own for signatures that nobody has made yet may be a 403; the image's own is never new.
TEST_F(SignTest, ARepositoryOfItsOwnThatHidesItselfIsWrittenTo) {
  const oci::Repository signatures{"registry.example", "signatures"};
  const auto denied = [](const auto&) -> Result<void> { return fail(Code::forbidden, "HTTP 403: DENIED"); };
  for (const Call call : {Call::manifest, Call::resolve, Call::tags}) registry.before(call, denied);
  const Stores stores{tags.get()};
  const Prepared beside = prepare(stores, repository, repository, image, {});
  const Prepared apart = prepare(stores, repository, signatures, image, {});
  registry.before(Call::manifest, {});
  registry.before(Call::tags, {});
  ASSERT_EQ(sign_image(key, stores, beside, {}).failures.size(), 1u);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
  const Outcome outcome = sign_image(key, stores, apart, {});
  ASSERT_TRUE(outcome.failures.empty()) << outcome.failures[0].error.text();
  EXPECT_TRUE(outcome.made[0].location.starts_with("registry.example/signatures:sha256-"));
}

// Running it again after a partial success completes only what is missing.
TEST_F(SignTest, RunningAgainCompletesWhatIsMissing) {
  const Stores both{tags.get(), referrers.get()};
  registry.before(Call::referrers,
                  [](const auto&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  EXPECT_EQ(sign(both).failures.size(), 1u);
  registry.before(Call::referrers, {});
  const Outcome again = sign(both);
  ASSERT_EQ(again.made.size(), 2u);
  EXPECT_TRUE(again.made[0].already_there);
  EXPECT_FALSE(again.made[1].already_there);
  EXPECT_EQ(stored(*tags), 1u);
  EXPECT_EQ(stored(*referrers), 1u);
}

}  // namespace
}  // namespace sigstore::sign
