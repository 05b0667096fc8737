#include "sigstore/check/pipeline.h"

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/base/testing/testdata.h"
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

// Keys are counted, not signatures, over all that is stored: an earlier store does not decide.
TEST_F(CheckTest, AThresholdCountsDifferentKeys) {
  auto second = *crypto::PrivateKey::generate(crypto::KeyType::ed25519);
  options_.material.keys.push_back({second.public_key(), "second.pub"});
  options_.threshold = 2;
  sign(*tags);
  sign(*referrers);
  ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_EQ(result.error->message, by_digest() + " has a good signature by 1 of the 2 keys that are needed");
  EXPECT_EQ(result.error->cause, "it is by " + key.public_key().fingerprint() + " (cosign.pub)");
  std::swap(key, second);
  sign(*referrers);
  result = check(by_digest());
  EXPECT_TRUE(result.accepted());
  EXPECT_TRUE(result.several_keys);
  EXPECT_EQ(result.threshold, 2u);
  EXPECT_EQ(accepted_keys(result.candidates), (std::vector<std::pair<std::string, std::string>>{
                                                  {second.public_key().fingerprint(), "cosign.pub"},
                                                  {key.public_key().fingerprint(), "second.pub"}}));
}

TEST_F(CheckTest, AKeyThatIsRevokedDoesNotCount) {
  sign(*tags);
  keyset::Key& listed = options_.material.keys[0].listed.emplace();
  listed.key = key.public_key();
  listed.state = keyset::State::revoked;
  listed.since = Time{};
  listed.reason = "lost";
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_EQ(result.error->cause,
            "key " + key.public_key().fingerprint() + " was revoked at 1970-01-01T00:00:00Z: lost");
}

TEST_F(CheckTest, AScopeIsOfTheImageNotOfWhereItsSignaturesAre) {
  sign(*tags);
  options_.repository = repository;
  options_.material.keys[0].listed =
      keyset::Key{.key = key.public_key(), .scope = {"registry.example/devops/*"}};
  EXPECT_TRUE(check(by_digest()).accepted());
  EXPECT_FALSE(check(oci::digest_reference({"registry.example", "other/app"}, image.digest)).accepted());
}

// What a policy is asked, and what comes of its answers.
class CheckAttestation : public CheckTest {
 protected:
  CheckAttestation() : attestations(store::make_attestation_store(registry, fake.env(), {})) {
    options_.requirements.wanted = verify::Wanted::attestation;
    options_.requirements.predicate_types.clear();
    options_.all_candidates = true;
    options_.policy = [this](std::string_view statement) -> Result<verify::Check> {
      asked.emplace_back(statement);
      if (statement.contains("broken")) return fail(Code::timeout, "it did not end in time");
      const bool good = statement.contains("good");
      return verify::Check{"policy", {}, good ? verify::Status::passed : verify::Status::failed,
                           {},       {}, good ? "" : "a.rego:3: no"};
    };
  }
  void say(const std::string& predicate) {
    sign::Options options;
    options.attestation = sign::Attestation{"https://example.com/p", predicate, {}, false};
    const auto outcome = sign::sign_image(
        key, {attestations.get()},
        sign::prepare({attestations.get()}, repository, repository, image, options), options);
    ASSERT_TRUE(outcome.failures.empty()) << outcome.failures[0].error.text();
  }
  ImageResult checked() {
    return check_images(registry, {attestations.get(), referrers.get()}, {by_digest()}, options_)[0];
  }

  std::unique_ptr<store::ArtifactStore> attestations;
  std::vector<std::string> asked;
};

TEST_F(CheckAttestation, OneThatSatisfiesThePolicyIsEnough) {
  say(R"({"x":"bad"})");
  say(R"({"x":"good"})");
  const ImageResult result = checked();
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(asked.size(), 2u);
  EXPECT_TRUE(asked[0].ends_with(R"("predicate":{"x":"bad"}})"));
  ASSERT_EQ(result.candidates.size(), 2u);
  EXPECT_EQ(result.candidates[0].verdict.first_failure()->id, "policy");
  EXPECT_EQ(result.candidates[1].verdict.checks.back().id, "policy");
}

TEST_F(CheckAttestation, WhatThePolicyRefusesIsExplained) {
  say(R"({"x":"bad"})");
  const ImageResult result = checked();
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_EQ(result.error->message, "no matching attestations for " + by_digest());
  EXPECT_EQ(result.error->cause, "a.rego:3: no");
}

TEST_F(CheckAttestation, APolicyThatCannotBeAskedIsNoVerdict) {
  say(R"({"x":"broken"})");
  const ImageResult result = checked();
  EXPECT_EQ(result.reason, Reason::not_judged);
  EXPECT_EQ(result.error->code, Code::timeout);
  EXPECT_FALSE(result.candidates[0].verdict.accepted());
  say(R"({"x":"good"})");
  EXPECT_TRUE(checked().accepted()) << "another one passes";
}

TEST_F(CheckAttestation, ThePolicyIsAskedOnlyAboutWhatIsProven) {
  say(R"({"x":"good"})");
  const crypto::PrivateKey other = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  options_.material.keys = {{other.public_key(), "b.pub"}};
  EXPECT_EQ(checked().reason, Reason::no_match);
  EXPECT_TRUE(asked.empty());
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

TEST_F(CheckTest, OnlyTheFirst32ChildrenAreLookedAt) {
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  index.manifests.assign(40, image);
  registry.add_manifest(repository, "multi", oci::media_type::oci_index, index.write());
  options_.children = true;
  const ImageResult result = check("registry.example/devops/nginx:multi");
  EXPECT_EQ(result.children.size(), 32u);
  EXPECT_EQ(result.notes, std::vector<std::string>{"only 32 of its 40 children were looked at"});
}

TEST_F(CheckTest, ChildrenThatCannotBeFoundOutAreSaid) {
  options_.children = true;
  registry.before(Call::manifest, [this](const remote::testing::Request& request) -> Result<void> {
    if (request.target != image.digest.text()) return {};
    return fail(Code::unavailable, "HTTP 503");
  });
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_signature);
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_NE(result.notes[0].find("HTTP 503"), std::string::npos);
}

// --- a look-up that fails, beside what could be asked

TEST_F(CheckTest, AFailedLookUpOutweighsAWrongKey) {
  sign(*tags);
  options_.material.keys = {
      {crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key(), "b.pub"}};
  registry.before(Call::referrers,
                  [](const auto&) -> Result<void> { return fail(Code::unavailable, "HTTP 503"); });
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::lookup_failed);
  ASSERT_EQ(result.notes.size(), 1u);
  EXPECT_TRUE(result.notes[0].starts_with("of what could be asked: no matching signatures"))
      << result.notes[0];
}

class CheckHiddenTags : public CheckTest {
 protected:
  CheckHiddenTags() : CheckTest({.absent_tag = Code::forbidden}) {}
};

// cosign.md 5.35.
TEST_F(CheckHiddenTags, ARefusedTagIsAbsentWhereTheImageCanBeRead) {
  sign(*referrers);
  const ImageResult result = check(by_digest());
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.notes.size(), 1u);
  registry.before(Call::resolve,
                  [](const auto&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  registry.before(Call::tags, [](const auto&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  const ImageResult refused = check(by_digest());
  EXPECT_TRUE(refused.accepted()) << "the bundle decides";
  EXPECT_NE(refused.notes.at(0).find("not every place could be asked"), std::string::npos);
}

TEST_F(CheckHiddenTags, ARefusedRepositoryIsNotAbsent) {
  registry.before(Call::resolve,
                  [](const auto&) -> Result<void> { return fail(Code::forbidden, "HTTP 403"); });
  EXPECT_EQ(check(by_digest()).reason, Reason::lookup_failed);
}

TEST_F(CheckTest, AnImageThatCannotBeResolvedIsALookUpThatFailed) {
  registry.before(Call::resolve,
                  [](const auto&) -> Result<void> { return fail(Code::timeout, "no answer"); });
  const ImageResult result = check("registry.example/devops/nginx:latest");
  EXPECT_EQ(result.reason, Reason::lookup_failed);
  EXPECT_EQ(result.error->code, Code::timeout);
}

// --- lessons of others: each of these was a hole somewhere (peers.md, "Security lessons")

// GHSA-fx35-mq7g-6g98: a public key where a certificate belongs took the place of the user's key.
TEST_F(CheckTest, AKeyInACertificatesPlaceIsNoKey) {
  crypto::PrivateKey stranger = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  ASSERT_TRUE(tags->put(repository, image,
                        *sign::make_bundle(Format::simple_signing, stranger, repository, image.digest, {})));
  const std::string tag = oci::attachment_tag(image.digest, ".sig");
  auto manifest = *oci::Manifest::parse(registry.manifest(repository, tag)->bytes);
  manifest.layers[0].annotations["dev.sigstore.cosign/certificate"] = stranger.public_key().pem();
  registry.add_manifest(repository, tag, oci::media_type::oci_manifest, manifest.write());
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_NE(result.error->cause.find("PUBLIC KEY"), std::string::npos) << result.error->cause;
}

// kyverno#2739, policy-controller#1971: an attestation with the right subject and a signature of nobody.
TEST_F(CheckTest, ARandomSignatureOverTheRightSubjectIsRefused) {
  bundle::Bundle forged;
  forged.content = bundle::EnvelopeContent{std::string(payload::in_toto_payload_type),
                                           payload::write_sign_statement(image.digest, {})};
  forged.signature = to_bytes("random");
  forged.key.hint = key.public_key().hint();
  ASSERT_TRUE(referrers->put(repository, image, forged));
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_EQ(result.error->code, Code::bad_signature);
}

// A signature that was made for another image and lies beside this one.
TEST_F(CheckTest, ASignatureOfAnotherImageIsRefused) {
  const auto other = registry.add_manifest(repository, "other", oci::media_type::oci_manifest,
                                           std::string(image_manifest) + " ");
  for (store::ArtifactStore* store : {tags.get(), referrers.get()}) {
    const auto bundle = *sign::make_bundle(store->format(), key, repository, other.digest, {});
    ASSERT_TRUE(store->put(repository, image, bundle));
  }
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_EQ(result.candidates.size(), 2u);
  EXPECT_NE(result.error->cause.find("another image"), std::string::npos) << result.error->cause;
}

// cosign.md 5.1.
TEST_F(CheckTest, AnAttestationIsNoSignature) {
  bundle::Bundle attestation;
  attestation.content = bundle::EnvelopeContent{
      std::string(payload::in_toto_payload_type),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" +
          std::string(image.digest.hex()) +
          R"("}}],"predicateType":"https://spdx.dev/Document","predicate":{}})"};
  attestation.signature =
      *key.sign(crypto::Scheme::ecdsa_sha256, as_bytes(bundle::signed_bytes(attestation.content)->joined()));
  ASSERT_TRUE(referrers->put(repository, image, attestation));
  const ImageResult result = check(by_digest());
  EXPECT_EQ(result.reason, Reason::no_signature);
  EXPECT_EQ(result.error->cause, "1 bundle of type https://spdx.dev/Document (not a signature)");
}

// rekor-tiles#709: the order in which things are stored must not decide.
TEST_F(CheckTest, OneGoodSignatureAmongBadOnesPassesInAnyOrder) {
  bundle::Bundle good = *sign::make_bundle(Format::simple_signing, key, repository, image.digest, {});
  bundle::Bundle bad = good, unsigned_one = good;
  bad.signature.back() ^= 1;
  unsigned_one.signature.clear();
  std::vector<store::Stored> entries;
  for (const bundle::Bundle& bundle : {bad, good, unsigned_one})
    entries.push_back({Format::simple_signing, image.digest, "", bundle, {}});
  entries.push_back({Format::bundle, image.digest, "", fail(Code::malformed, "no bundle"), {}});
  ImageResult start;
  start.digest = image.digest;
  for (int i = 0; i < 4; ++i) {
    std::ranges::rotate(entries, entries.begin() + 1);
    const ImageResult result = check_candidates(start, entries, options_);
    EXPECT_TRUE(result.accepted());
    EXPECT_EQ(std::ranges::count_if(result.candidates, [](auto& c) { return c.verdict.accepted(); }), 1);
  }
}

TEST_F(CheckTest, AMissingKeyAcceptsNothing) {
  sign(*tags);
  sign(*referrers);
  options_.material.keys.clear();
  options_.all_candidates = true;
  EXPECT_FALSE(check(by_digest()).accepted());
}

// --- real cosign, end to end

TEST_F(CheckWithoutApi, TheImagesOfRealCosignPassWithTheirKeys) {
  struct Row {
    std::string name, key;
    bool accepted;
  };
  const Row rows[] = {{"legacy-signature", "p256", true},
                      {"legacy-two-keys", "p256", true},
                      {"legacy-two-keys", "p384", true},
                      {"legacy-rsa", "rsa2048", true},
                      {"bundle-signature", "p256", true},
                      {"legacy-and-bundle", "p256", true},
                      {"legacy-recursive-index", "p256", true},
                      {"legacy-signature", "p384", false},
                      {"bundle-attestation-only", "p256", false},
                      {"legacy-attestations", "p256", false},
                      {"unsigned", "p256", false}};
  for (const std::string version : {"cosign-2.6.5", "cosign-3.1.2"})
    for (const auto& [name, file, accepted] : rows) {
      const std::string folder = SOURCE_ROOT "/test/interop/testdata/" + version;
      const oci::Repository there{"registry.example", version + "/" + name};
      registry.load_layout(folder + "/images/" + name, there);
      const auto pem = fakes::read_testdata(folder + "/keys/" + file + ".pub");
      options_.material.keys = {{*crypto::PublicKey::from_pem(pem, file), file}};
      options_.children = true;
      const ImageResult result = check(there.text() + ":latest");
      EXPECT_EQ(result.accepted(), accepted)
          << there.text() << " " << file << (result.error ? result.error->text() : "");
    }
}

}  // namespace
}  // namespace sigstore::check
