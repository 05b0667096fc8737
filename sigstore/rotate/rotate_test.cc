#include "sigstore/rotate/rotate.h"

#include <atomic>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/payload/simple_signing.h"
#include "sigstore/payload/statement.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/sign/pipeline.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"

namespace sigstore::rotate {
namespace {

using remote::testing::Call;
using remote::testing::MemoryOptions;
using remote::testing::MemoryRegistry;
using State = Outcome::State;

const oci::Repository repository{"registry.example", "devops/nginx"};
const oci::Repository elsewhere{"registry.example", "signatures"};

crypto::PrivateKey new_key(crypto::KeyType type = crypto::KeyType::ecdsa_p256) {
  return *crypto::PrivateKey::generate(type);
}

std::string manifest(const std::string& seed) {
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[],)"
         R"("annotations":{"seed":")" +
         seed + R"("}})";
}

std::string index_of(const std::vector<oci::Descriptor>& children) {
  std::string list;
  for (const auto& child : children)
    list += (list.empty() ? "" : ",") + std::string(R"({"mediaType":")") + child.media_type +
            R"(","digest":")" + child.digest.text() + R"(","size":)" + std::to_string(child.size) + "}";
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)" + list +
         "]}";
}

class RotateTest : public testing::Test {
 protected:
  explicit RotateTest(MemoryOptions options = {}) : registry(options) {}

  oci::Descriptor image(const std::string& tag, const oci::Repository& in = repository) {
    return registry.add_manifest(in, tag, oci::media_type::oci_manifest, manifest(tag));
  }
  void sign(crypto::Signer& key, const oci::Descriptor& subject, const std::vector<store::ArtifactStore*>& in,
            const sign::Options& options = {}, const oci::Repository& target = repository) {
    const auto outcome =
        sign::sign_image(key, in, sign::prepare(in, repository, target, subject, options), options);
    ASSERT_TRUE(outcome.failures.empty()) << outcome.failures[0].error.text();
  }
  static sign::Options says(const std::string& predicate) {
    sign::Options options;
    options.attestation = sign::Attestation{"https://example.com/test", predicate, {}, false};
    return options;
  }
  Report run(bool dry = false, Options options = {}, Place place = {repository, repository, {}}) {
    options.workers = 2;
    const Hands hands{registry,
                      {tags.get(), attestations.get(), referrers.get()},
                      {old_key.public_key(), "old.pub"},
                      {fresh.public_key(), "new.key"},
                      dry ? nullptr : &fresh};
    auto report = rotate(hands, place, options);
    EXPECT_TRUE(report.has_value()) << report.error().text();
    return report ? *report : Report{};
  }
  static const Outcome* of(const Report& report, const oci::Descriptor& subject) {
    for (const Outcome& outcome : report.outcomes)
      if (outcome.found.digest == subject.digest) return &outcome;
    return nullptr;
  }
  std::size_t signed_by(const crypto::PublicKey& key, store::ArtifactStore& store,
                        const oci::Descriptor& subject, const oci::Repository& in = repository) {
    const auto listing = store.list(in, subject.digest);
    EXPECT_TRUE(listing.has_value());
    verify::Requirements requirements;
    requirements.subject = subject.digest;
    requirements.log_entries = 0;
    std::size_t count = 0;
    for (const auto& entry : listing->entries)
      for (const auto wanted : {verify::Wanted::signature, verify::Wanted::attestation}) {
        requirements.wanted = wanted;
        requirements.predicate_types.clear();
        if (wanted == verify::Wanted::signature)
          requirements.predicate_types.emplace_back(payload::cosign_sign_predicate);
        if (entry.bundle && verify::judge(*entry.bundle, {{{key, "k"}}}, requirements).accepted()) ++count;
      }
    return count;
  }

  fakes::FakeEnv fake;
  MemoryRegistry registry;
  std::unique_ptr<store::ArtifactStore> tags = store::make_tag_store(registry, fake.env(), {}),
                                        attestations =
                                            store::make_attestation_store(registry, fake.env(), {}),
                                        referrers = store::make_referrers_store(registry, fake.env(), {});
  crypto::PrivateKey old_key = new_key(), fresh = new_key(), stranger = new_key();
};

TEST_F(RotateTest, SignsAgainInTheFormatsThatTheOldSignatureHas) {
  const auto one = image("one"), two = image("two"), bare = image("bare"), other = image("other");
  sign(old_key, one, {tags.get()}, {.annotations = {{"env", "prod"}}, .docker_reference = "my/name"});
  sign(old_key, two, {tags.get(), referrers.get()});
  sign(stranger, other, {tags.get()});
  const Report report = run();
  EXPECT_FALSE(report.failed());
  EXPECT_EQ(report.outcomes.size(), 4u);
  EXPECT_EQ(report.by_old(), 2u);
  EXPECT_EQ(report.covered(), 2u);
  EXPECT_EQ(of(report, one)->state, State::rotated);
  EXPECT_EQ(of(report, bare)->state, State::bare);
  EXPECT_EQ(of(report, other)->state, State::others);
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, one), 1u);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, one), 0u);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, two), 1u);
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, other), 0u);
  EXPECT_EQ(signed_by(old_key.public_key(), *tags, one), 1u) << "the old one stays";
}

// The very bytes: identity and annotations, whoever wrote them in whatever order.
TEST_F(RotateTest, WhatIsSignedIsByteForByteWhatTheOldKeySigned) {
  const auto subject = image("one");
  sign::Options own;
  own.payload = R"({ "optional":{"z":1,"a":[true]},"critical":{"type":"cosign container image signature",)"
                R"("image":{"docker-manifest-digest":")" +
                subject.digest.text() + R"("},"identity":{"docker-reference":"x/y"}}} )";
  sign(old_key, subject, {tags.get()}, own);
  run();
  const auto listing = tags->list(repository, subject.digest);
  ASSERT_EQ(listing->entries.size(), 2u);
  EXPECT_EQ(listing->entries[0].bundle->content, listing->entries[1].bundle->content);
}

TEST_F(RotateTest, AttestationsAreSignedAgainByteForByte) {
  const auto subject = image("one");
  sign(old_key, subject, {attestations.get(), referrers.get()}, says(R"({"z":1, "a":2})"));
  sign(old_key, subject, {attestations.get()}, says(R"({"more":true})"));
  const Report report = run();
  EXPECT_EQ(of(report, subject)->entries.size(), 3u);
  EXPECT_EQ(of(report, subject)->entries[0].type, "https://example.com/test");
  EXPECT_EQ(signed_by(fresh.public_key(), *attestations, subject), 2u);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, subject), 1u);
}

TEST_F(RotateTest, ASecondRunChangesNothing) {
  const auto one = image("one"), two = image("two");
  sign(old_key, one, {tags.get(), referrers.get()});
  sign(old_key, two, {attestations.get()}, says("{}"));
  run();
  registry.clear_log();
  const Report again = run();
  EXPECT_EQ(again.count(State::already), 2u);
  EXPECT_EQ(again.covered(), 2u);
  EXPECT_EQ(registry.count(Call::push_manifest), 0);
  EXPECT_EQ(registry.count(Call::push_blob), 0);
}

TEST_F(RotateTest, ADryRunSaysWhatItWouldDoAndWritesNothing) {
  const auto one = image("one");
  sign(old_key, one, {tags.get(), referrers.get()});
  registry.clear_log();
  const Report report = run(true);
  EXPECT_EQ(of(report, one)->state, State::pending);
  EXPECT_EQ(of(report, one)->entries.size(), 2u);
  EXPECT_EQ(report.covered(), 0u);
  EXPECT_EQ(registry.count(Call::push_manifest) + registry.count(Call::push_blob), 0);
}

TEST_F(RotateTest, TheSameContentSignedTwiceIsSignedAgainOnce) {
  const auto one = image("one");
  sign(old_key, one, {tags.get()});
  sign(old_key, one, {tags.get()}, {.force = true});
  run();
  EXPECT_EQ(signed_by(old_key.public_key(), *tags, one), 2u);
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, one), 1u);
}

TEST_F(RotateTest, ChildrenUntaggedImagesAndSignedReferrersAreFound) {
  const auto child = registry.add_manifest(repository, "", oci::media_type::oci_manifest, manifest("child"));
  const auto grandchild =
      registry.add_manifest(repository, "", oci::media_type::oci_manifest, manifest("grandchild"));
  const auto inner =
      registry.add_manifest(repository, "", oci::media_type::oci_index, index_of({grandchild}));
  const auto root =
      registry.add_manifest(repository, "multi", oci::media_type::oci_index, index_of({child, inner}));
  const auto untagged = registry.add_manifest(repository, "", oci::media_type::oci_manifest, manifest("u"));
  const auto sbom =
      registry.add_manifest(repository, "", oci::media_type::oci_manifest,
                            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
                            R"("artifactType":"application/spdx+json","layers":[],"subject":{"mediaType":")" +
                                root.media_type + R"(","digest":")" + root.digest.text() + R"(","size":)" +
                                std::to_string(root.size) + "}}");
  sign(old_key, root, {referrers.get()});
  sign(old_key, child, {referrers.get()});
  sign(old_key, grandchild, {tags.get()});
  sign(old_key, untagged, {tags.get()});
  sign(old_key, sbom, {referrers.get()});
  const Report report = run();
  EXPECT_EQ(report.covered(), 5u);
  EXPECT_EQ(report.outcomes.size(), 6u) << "signatures themselves are not looked at";
  EXPECT_EQ(of(report, child)->found.names[0], "multi (child)");
  EXPECT_EQ(of(report, sbom)->found.names[0], "on multi");
  EXPECT_EQ(of(report, inner)->state, State::bare);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, child), 1u);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, sbom), 1u);
}

TEST_F(RotateTest, WhatNoTagLeadsToIsNamed) {
  const auto hidden = registry.add_manifest(repository, "", oci::media_type::oci_manifest, manifest("h"));
  image("one");
  sign(old_key, hidden, {referrers.get()});
  EXPECT_EQ(run().by_old(), 0u);
  Options options;
  options.also = {hidden.digest};
  EXPECT_EQ(run(false, options).covered(), 1u);
  options.also = {oci::Digest::sha256("nothing")};
  EXPECT_TRUE(run(false, options).failed());
}

// A hostile registry shows what the old key signed for one image beside another, and what it never signed.
TEST_F(RotateTest, WhatIsAboutAnotherImageIsNotSigned) {
  const auto one = image("one"), two = image("two");
  sign(old_key, one, {tags.get(), referrers.get()});
  sign(old_key, one, {attestations.get()}, says("{}"));
  for (auto* store : {tags.get(), attestations.get(), referrers.get()}) {
    const auto listing = store->list(repository, one.digest);
    ASSERT_EQ(listing->entries.size(), 1u);
    ASSERT_TRUE(store->put(repository, two, *listing->entries[0].bundle));
  }
  const Report report = run();
  EXPECT_TRUE(of(report, two)->entries.empty());
  EXPECT_EQ(of(report, two)->notes.size(), 3u);
  EXPECT_NE(of(report, two)->notes[0].find("old.pub signed"), std::string::npos);
  for (auto* store : {tags.get(), attestations.get(), referrers.get()})
    EXPECT_EQ(signed_by(fresh.public_key(), *store, two), 0u);
  EXPECT_EQ(of(report, one)->state, State::rotated);
}

TEST_F(RotateTest, ForgedAndUnreadableEntriesAreNotSigned) {
  const auto one = image("one"), two = image("two");
  sign(old_key, one, {tags.get()});
  auto forged = *tags->list(repository, one.digest)->entries[0].bundle;
  std::get<bundle::SimpleSigningContent>(forged.content).payload =
      payload::write_simple_signing("x", two.digest, {});
  ASSERT_TRUE(tags->put(repository, two, forged));
  const Report report = run();
  EXPECT_EQ(of(report, two)->state, State::others);
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, two), 0u);
}

// A new key that has signed something else than the old one does not make it superfluous.
TEST_F(RotateTest, AnotherContentOfTheNewKeyIsNotEnough) {
  const auto one = image("one");
  sign(old_key, one, {tags.get()}, {.annotations = {{"env", "prod"}}});
  sign(fresh, one, {tags.get()});
  const Report report = run();
  EXPECT_EQ(of(report, one)->state, State::rotated);
  EXPECT_EQ(of(report, one)->by_new, 2u);
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, one), 2u);
}

TEST_F(RotateTest, OneThatFailsDoesNotStopTheOthers) {
  const auto one = image("one"), two = image("two");
  sign(old_key, one, {tags.get()});
  sign(old_key, two, {tags.get()});
  const std::string broken = oci::attachment_tag(one.digest, ".sig");
  registry.before(Call::push_manifest, [&](const auto& request) -> Result<void> {
    if (request.target == broken) return fail(Code::forbidden, "not you");
    return {};
  });
  const Report report = run();
  EXPECT_TRUE(report.failed());
  EXPECT_EQ(of(report, one)->state, State::failed);
  EXPECT_EQ(of(report, one)->entries[0].state, Entry::State::failed);
  EXPECT_EQ(of(report, two)->state, State::rotated);
  registry.before(Call::push_manifest, {});
  EXPECT_EQ(run().covered(), 2u) << "the next run finds the rest";
}

TEST_F(RotateTest, APlaceThatCannotBeAskedIsAFailureAndTheOthersAreSigned) {
  const auto one = image("one");
  sign(old_key, one, {tags.get(), referrers.get()});
  const std::string broken = oci::attachment_tag(one.digest, ".sig");
  registry.before(Call::manifest, [&](const auto& request) -> Result<void> {
    if (request.target == broken) return fail(Code::unavailable, "ask again");
    return {};
  });
  const Report report = run();
  EXPECT_EQ(of(report, one)->state, State::failed);
  EXPECT_EQ(of(report, one)->error->code, Code::unavailable);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, one), 1u);
}

TEST_F(RotateTest, ATagThatCannotBeAskedIsToldAndTheOthersAreSigned) {
  const auto two = image("two");
  image("one");
  sign(old_key, two, {tags.get()});
  registry.before(Call::resolve, [&](const auto& request) -> Result<void> {
    if (request.target == "one") return fail(Code::unavailable, "ask again");
    return {};
  });
  const Report report = run();
  ASSERT_EQ(report.failures.size(), 1u);
  EXPECT_EQ(report.failures[0].what, "one");
  EXPECT_EQ(report.covered(), 1u);
}

TEST_F(RotateTest, AnImageThatIsGoneIsNotSigned) {
  const auto one = image("one");
  sign(old_key, one, {tags.get()});
  registry.remove_tag(repository, "one");
  registry.remove_manifest(repository, one.digest);
  const Report report = run();
  EXPECT_EQ(of(report, one)->state, State::gone);
  EXPECT_FALSE(report.failed());
}

TEST_F(RotateTest, ARunThatIsEndedSaysWhatItDidNotReach) {
  std::vector<oci::Descriptor> images;
  for (int i = 0; i < 10; ++i) {
    images.push_back(image("v" + std::to_string(i)));
    sign(old_key, images.back(), {tags.get()});
  }
  std::atomic<int> left = 3;
  Options options;
  std::atomic<bool> counting = false;
  options.progress = [&](const Progress& progress) {
    if (progress.done > 0) counting = true;
    if (counting) --left;
  };
  options.may_go_on = [&]() -> Result<void> {
    if (left <= 0) return fail(Code::cancelled, "interrupted");
    return {};
  };
  const Report report = run(false, options);
  EXPECT_FALSE(report.complete);
  EXPECT_GT(report.count(State::not_reached), 0u);
  EXPECT_GT(report.covered(), 0u);
  const Report rest = run();
  EXPECT_EQ(rest.covered(), 10u);
  EXPECT_EQ(rest.count(State::already), report.count(State::rotated));
}

TEST_F(RotateTest, SignaturesThatAreKeptElsewhere) {
  const auto one = image("one");
  const auto foreign = image("foreign", {"registry.example", "another"});
  sign(old_key, one, {tags.get(), referrers.get()}, {}, elsewhere);
  sign(old_key, foreign, {tags.get()}, {}, elsewhere);
  const Report report = run(false, {}, {repository, elsewhere, {}});
  EXPECT_EQ(report.covered(), 1u);
  EXPECT_EQ(of(report, foreign)->state, State::gone) << "of another repository";
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, one, elsewhere), 1u);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, one, elsewhere), 1u);
}

TEST_F(RotateTest, ANewKeyOfAnyType) {
  for (const auto type : {crypto::KeyType::ecdsa_p384, crypto::KeyType::rsa, crypto::KeyType::ed25519}) {
    const auto one = image("of-" + std::string(crypto::name(type)));
    sign(old_key, one, {tags.get(), referrers.get()});
    fresh = new_key(type);
    run();
    EXPECT_EQ(signed_by(fresh.public_key(), *tags, one), 1u);
    EXPECT_EQ(signed_by(fresh.public_key(), *referrers, one), 1u);
  }
}

class WithoutReferrersApi : public RotateTest {
 protected:
  WithoutReferrersApi() : RotateTest({.referrers_api = false}) {}
};

TEST_F(WithoutReferrersApi, BundlesAreFoundInTheListUnderTheTag) {
  const auto one = image("one");
  sign(old_key, one, {referrers.get()});
  sign(old_key, one, {referrers.get()}, says("{}"));
  const Report report = run();
  EXPECT_EQ(report.outcomes.size(), 1u);
  EXPECT_EQ(signed_by(fresh.public_key(), *referrers, one), 2u);
  EXPECT_EQ(run().count(State::already), 1u);
}

// The new key's are in no log: whoever looks for that has to know.
TEST_F(RotateTest, WhatCameWithProofOfALogIsTold) {
  const auto one = image("one"), two = image("two");
  sign(old_key, one, {tags.get()});
  sign(old_key, two, {tags.get()});
  auto logged = *tags->list(repository, two.digest)->entries.at(0).bundle;
  auto& entry = logged.evidence.tlog_entries.emplace_back();
  entry.log_id = Bytes(32);
  entry.signed_entry_timestamp = Bytes(1);
  entry.body = "{}";
  ASSERT_TRUE(tags->put(repository, two, logged));
  const Report report = run();
  EXPECT_EQ(report.covered(), 2u);
  EXPECT_EQ(report.logged(), 1u);
  EXPECT_FALSE(of(report, one)->entries.at(0).logged);
  EXPECT_TRUE(of(report, two)->entries.at(0).logged);
}

// As cosign 2 wrote it with --registry-referrers-mode=oci-1-1: layers of a referrer. We write none of these.
TEST_F(RotateTest, AnOlderReferrerGetsASignatureInTheTag) {
  const auto one = image("one");
  sign(old_key, one, {tags.get()});
  const std::string tag = oci::attachment_tag(one.digest, ".sig");
  auto manifest = *oci::Manifest::parse(registry.manifest(repository, tag)->bytes);
  manifest.artifact_type = oci::media_type::signature_artifact;
  manifest.subject = one;
  registry.add_manifest(repository, "", oci::media_type::oci_manifest, manifest.write());
  registry.remove_tag(repository, tag);
  const Report report = run();
  EXPECT_EQ(report.covered(), 1u);
  EXPECT_EQ(signed_by(fresh.public_key(), *tags, one), 1u);
  EXPECT_EQ(run().count(State::already), 1u);
}

// Some name images like lists of referrers.
TEST_F(RotateTest, AnImageUnderATagThatLooksLikeAListIsFound) {
  const std::string name = oci::attachment_tag(oci::Digest::sha256("x"), "");
  const auto one = image(name);
  sign(old_key, one, {tags.get()});
  EXPECT_EQ(run().covered(), 1u);
}

TEST(Beside, TagsAndWhatTheyAreNamedAfter) {
  const std::string hex(64, 'a');
  for (const std::string suffix : {"", ".sig", ".att", ".sbom"}) {
    const auto found = beside("sha256-" + hex + suffix, "");
    ASSERT_TRUE(found) << suffix;
    EXPECT_EQ(found->digest.text(), "sha256:" + hex);
    EXPECT_EQ(found->suffix, suffix);
    EXPECT_FALSE(found->own);
    EXPECT_TRUE(beside("sha256-" + hex + suffix + "-0123456789abcdef", "")->own);
    EXPECT_TRUE(beside("pre-sha256-" + hex + suffix, "pre-"));
  }
  EXPECT_TRUE(beside("sha256-" + hex, "pre-")) << "lists of referrers have no prefix";
  EXPECT_TRUE(beside("sha512-" + hex + hex + ".sig", ""));
  for (const std::string tag : {"latest", "sha256-abc.sig", "v1-sha256", "sha256-", "-", ""})
    EXPECT_FALSE(beside(tag, "")) << tag;
  for (const std::string rest : {".foo", ".sig.sig", "-0123", ".sig-0123456789abcdeg", "a"})
    EXPECT_FALSE(beside("sha256-" + hex + rest, "")) << rest;
}

}  // namespace
}  // namespace sigstore::rotate
