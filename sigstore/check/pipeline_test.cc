#include "sigstore/check/pipeline.h"

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/sign/pipeline.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"

namespace sigstore::check {
namespace {

using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using store::Format;

const oci::Repository repository{"registry.example", "devops/nginx"};
constexpr std::string_view image_manifest =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[]})";

class CheckTest : public testing::Test {
 protected:
  explicit CheckTest(MemoryOptions options = {})
      : registry(options),
        image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest, image_manifest)),
        tags(store::make_tag_store(registry, fake.env(), {})),
        referrers(store::make_referrers_store(registry, fake.env(), {})),
        key(*crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)) {
    options_.material.keys.push_back({key.public_key(), "cosign.pub"});
    options_.requirements.log_entries = 0;
  }

  void sign(store::ArtifactStore& store, const oci::Annotations& annotations = {}) {
    const sign::Options options{.annotations = annotations};
    const auto outcome = sign::sign_image(
        key, {&store}, sign::prepare({&store}, repository, repository, image, options), options);
    ASSERT_TRUE(outcome.failures.empty()) << outcome.failures[0].error.text();
    registry.clear_log();
  }
  ImageResult check(const std::string& reference) {
    return check_images(registry, {tags.get(), referrers.get()}, {reference}, options_)[0];
  }
  std::string by_digest() const { return oci::digest_reference(repository, image.digest); }

  fakes::FakeEnv fake;
  MemoryRegistry registry;
  oci::Descriptor image;
  std::unique_ptr<store::ArtifactStore> tags, referrers;
  crypto::PrivateKey key;
  Options options_;
};

class CheckWithoutApi : public CheckTest {
 protected:
  CheckWithoutApi() : CheckTest({.referrers_api = false}) {}
};

// The budget of requests: at most 3 when `.sig` decides, 4 for a bundle with the referrers API, 5 without.
TEST_F(CheckTest, TakesThreeRequestsWhenTheTagDecides) {
  sign(*referrers);
  sign(*tags);
  const ImageResult result = check(by_digest());
  EXPECT_TRUE(result.accepted());
  EXPECT_LE(registry.log().size(), 3u);
  EXPECT_EQ(registry.count(Call::resolve), 0);
}

TEST_F(CheckTest, TakesFourRequestsForABundleWithTheApi) {
  sign(*referrers);
  EXPECT_TRUE(check(by_digest()).accepted());
  EXPECT_LE(registry.log().size(), 4u);
}

TEST_F(CheckWithoutApi, TakesFiveRequestsForABundleInTheFallbackTag) {
  sign(*referrers);
  EXPECT_TRUE(check(by_digest()).accepted());
  EXPECT_LE(registry.log().size(), 5u);
}

TEST_F(CheckTest, ATagCostsOneMoreRequest) {
  sign(*tags);
  EXPECT_TRUE(check("registry.example/devops/nginx:latest").accepted());
  EXPECT_EQ(registry.count(Call::resolve), 1);
  EXPECT_LE(registry.log().size(), 4u);
}

TEST_F(CheckTest, LooksAtEverythingWhenAsked) {
  sign(*tags);
  sign(*referrers, {{"env", "prod"}});
  options_.all_candidates = true;
  EXPECT_EQ(check(by_digest()).candidates.size(), 2u);
}

TEST_F(CheckTest, TellsNoSignatureFromNoImage) {
  EXPECT_EQ(check(by_digest()).reason, Reason::no_signature);
  EXPECT_EQ(check("registry.example/devops/nginx@" + oci::Digest::sha256("nothing").text()).reason,
            Reason::image_not_found);
  EXPECT_EQ(check("registry.example/devops/nginx:absent").reason, Reason::image_not_found);
  EXPECT_EQ(check("registry.example/UPPER").reason, Reason::invalid);
}

TEST_F(CheckTest, AWrongKeyIsNamedAndHintsStayHints) {
  sign(*referrers);
  const crypto::PrivateKey other = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  options_.material.keys = {{other.public_key(), "b.pub"}};
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_EQ(result.error->cause, "the one signature is not by key " + other.public_key().fingerprint() +
                                     " (b.pub); 1 bundle claims key " + key.public_key().fingerprint() +
                                     " (unverified hint)");
}

TEST_F(CheckTest, TheNearestMissIsExplained) {
  sign(*tags, {{"env", "dev"}});
  options_.requirements.annotations = {{"env", "prod"}};
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_NE(result.error->cause.find("prod"), std::string::npos) << result.error->cause;
  EXPECT_NE(result.error->cause.find("dev"), std::string::npos) << result.error->cause;
}

TEST_F(CheckTest, AGoodSignatureInNoLogSaysJustThat) {
  sign(*tags);
  options_.requirements.log_entries = 1;
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_NE(result.error->message.find("is good, but it is in no transparency log"), std::string::npos);
  EXPECT_NE(result.error->hint.find("--insecure-ignore-tlog"), std::string::npos);
}

// A registry that fails is never "no signature" (cosign.md 5.2).
TEST_F(CheckTest, AFailedLookUpIsNeverAbsence) {
  for (const Code code : {Code::unavailable, Code::unauthorized, Code::timeout}) {
    registry.before(Call::referrers, [code](const auto&) -> Result<void> { return fail(code, "no answer"); });
    const ImageResult result = check(by_digest());
    EXPECT_EQ(result.reason, Reason::lookup_failed);
    EXPECT_EQ(result.error->code, code);
  }
}

TEST_F(CheckTest, AFailedLookUpBesideAGoodSignatureIsANote) {
  sign(*tags);
  options_.all_candidates = true;
  registry.before(Call::referrers,
                  [](const auto&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const ImageResult result = check(by_digest());
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.notes.size(), 1u);
}

TEST_F(CheckTest, ManyImagesComeBackInTheirOrder) {
  sign(*tags);
  std::vector<std::string> images;
  for (int i = 0; i < 20; ++i)
    images.push_back(i % 2 == 0 ? by_digest() : "registry.example/devops/nginx:absent");
  const auto results = check_images(registry, {tags.get(), referrers.get()}, images, options_);
  ASSERT_EQ(results.size(), images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    EXPECT_EQ(results[i].typed, images[i]);
    EXPECT_EQ(results[i].accepted(), i % 2 == 0);
  }
}

TEST_F(CheckTest, ChildrenOfAnUnsignedIndexAreLookedAt) {
  sign(*tags);
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  index.manifests = {image};
  registry.add_manifest(repository, "multi", oci::media_type::oci_index, index.write());
  options_.children = true;
  const ImageResult result = check("registry.example/devops/nginx:multi");
  EXPECT_EQ(result.reason, Reason::no_signature);
  ASSERT_EQ(result.children.size(), 1u);
  EXPECT_TRUE(result.children[0].accepted());
}

}  // namespace
}  // namespace sigstore::check
