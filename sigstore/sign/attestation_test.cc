#include "sigstore/sign/attestation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/payload/predicate.h"
#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/sign/pipeline.h"
#include "sigstore/store/referrers/referrers_store.h"
#include "sigstore/store/tag/tag_store.h"

namespace sigstore::sign {
namespace {

const oci::Repository repository{"registry.example", "devops/nginx"};
constexpr const char* type = "https://example.com/p";

Options saying(const std::string& predicate, bool replace = false, const std::string& uri = type) {
  Options options;
  options.attestation = Attestation{uri, predicate, std::nullopt, replace};
  return options;
}

class AttestTest : public testing::Test {
 protected:
  AttestTest()
      : registry({.known_to_honour = true}),
        image(registry.add_manifest(repository, "latest", oci::media_type::oci_manifest,
                                    R"({"schemaVersion":2,"layers":[]})")),
        tags(store::make_attestation_store(registry, fake.env(), {})),
        referrers(store::make_referrers_store(registry, fake.env(), {})),
        stores({tags.get(), referrers.get()}) {}

  Outcome attest(const Options& options, crypto::PrivateKey& by) {
    return sign_image(by, stores, prepare(stores, repository, repository, image, options), options);
  }
  std::vector<Made> made(const Options& options) {
    auto outcome = attest(options, key);
    for (const Failure& failure : outcome.failures) ADD_FAILURE() << failure.error.text();
    return std::move(outcome.made);
  }
  std::vector<std::string> predicates(store::ArtifactStore& place) {
    const auto listing = place.list(repository, image.digest);
    std::vector<std::string> out;
    for (const store::Stored& entry : listing->entries) {
      const auto& text = std::get<bundle::EnvelopeContent>(entry.bundle->content).payload;
      out.emplace_back(payload::Statement::parse(text)->predicate->in(text));
    }
    return out;
  }

  fakes::FakeEnv fake;
  remote::testing::MemoryRegistry registry;
  oci::Descriptor image;
  std::unique_ptr<store::ArtifactStore> tags, referrers;
  Stores stores;
  crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  crypto::PrivateKey stranger = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
};

TEST_F(AttestTest, SaysTheSameInBothFormats) {
  const auto all = made(saying(R"({"n":1.0})"));
  ASSERT_EQ(all.size(), 2u);
  for (const Made& one : all) {
    const auto& text = std::get<bundle::EnvelopeContent>(one.bundle.content).payload;
    EXPECT_EQ(text,
              payload::write_statement({repository.text(), {{"sha256", std::string(image.digest.hex())}}, {}},
                                       type, R"({"n":1.0})"));
    EXPECT_TRUE(key.public_key().verify(crypto::Scheme::ecdsa_sha256,
                                        as_bytes(bundle::signed_bytes(one.bundle.content)->joined()),
                                        one.bundle.signature));
  }
}

TEST_F(AttestTest, TheSameByTheSameKeyIsSaidOnce) {
  made(saying("{}"));
  for (const Made& again : made(saying("{}"))) EXPECT_TRUE(again.already_there);
  for (const Made& other : made(saying(R"({"x":1})"))) EXPECT_FALSE(other.already_there);
  for (const Made& other : made(saying("{}", false, "https://example.com/q")))
    EXPECT_FALSE(other.already_there);
  for (const Made& other : attest(saying("{}"), stranger).made) EXPECT_FALSE(other.already_there);
  for (auto* place : stores) EXPECT_EQ(predicates(*place).size(), 4u);
  auto forced = saying("{}");
  forced.force = true;
  for (const Made& anew : made(forced)) EXPECT_FALSE(anew.already_there);
}

TEST_F(AttestTest, ReplacingTakesOnlyOnesOwnOfThatType) {
  made(saying("1"));
  made(saying("2"));
  made(saying("3", false, "https://example.com/q"));
  attest(saying("4"), stranger);
  for (const Made& one : made(saying("5", true))) {
    EXPECT_EQ(one.replaced, (std::vector<std::string>{type, type}));
    EXPECT_EQ(one.kept.size(), 2u);
  }
  for (auto* place : stores) {  // referrers of one second come in any order
    auto all = predicates(*place);
    std::ranges::sort(all);
    EXPECT_EQ(all, (std::vector<std::string>{"3", "4", "5"}));
  }
  for (const Made& again : made(saying("5", true))) EXPECT_TRUE(again.already_there);
  auto forced = saying("5", true);
  forced.force = true;
  for (const Made& anew : made(forced)) EXPECT_EQ(anew.replaced.size(), 1u);
}

TEST_F(AttestTest, ReplacingReachesTheOtherFormatWhereSomethingStands) {
  auto* const others = stores[1];
  const auto replace = [&](const std::string& predicate) {
    auto options = saying(predicate, true);
    options.elsewhere = {others};
    return made(options);
  };
  stores = {tags.get()};
  EXPECT_EQ(replace("1").size(), 1u);  // nothing stands there, so nothing is put there
  EXPECT_EQ(predicates(*others).size(), 0u);
  stores = {others};
  made(saying("2"));
  made(saying("3", false, "https://example.com/q"));
  attest(saying("4"), stranger);
  stores = {tags.get()};
  const auto both = replace("5");
  ASSERT_EQ(both.size(), 2u);
  for (const Made& one : both) EXPECT_EQ(one.replaced, std::vector<std::string>{type});
  auto all = predicates(*others);
  std::ranges::sort(all);
  EXPECT_EQ(all, (std::vector<std::string>{"3", "4", "5"}));
  EXPECT_EQ(predicates(*tags), std::vector<std::string>{"5"});
}

TEST_F(AttestTest, TheOtherFormatThatCannotBeAskedIsTold) {
  auto options = saying("1", true);
  options.elsewhere = {referrers.get()};
  stores = {tags.get()};
  auto prepared = prepare(stores, repository, repository, image, options);
  prepared.existing.insert_or_assign(referrers.get(), fail(Code::unavailable, "gone"));
  const auto outcome = sign_image(key, stores, prepared, options);
  EXPECT_TRUE(outcome.failures.empty());
  ASSERT_EQ(outcome.made.size(), 1u);
  ASSERT_FALSE(outcome.made[0].notes.empty());
  EXPECT_TRUE(outcome.made[0].notes.back().contains("\"bundle\" as well is not known: gone"));
}

TEST_F(AttestTest, AWholeStatementIsSignedByteForByte) {
  const std::string text =
      " {\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\"" +
      std::string(image.digest.hex()) +
      "\"}}],\n\"predicateType\":\"a:b\",\"predicate\":{\"n\":12345678901234567890}}\n";
  Options options;
  options.attestation = *Attestation::whole(text);
  EXPECT_EQ(options.attestation->type, "a:b");
  for (const Made& one : made(options))
    EXPECT_EQ(std::get<bundle::EnvelopeContent>(one.bundle.content).payload, text);
}

TEST_F(AttestTest, AStatementAboutSomethingElseIsRefused) {
  Options options;
  options.attestation = *Attestation::whole(payload::write_statement(
      {"x", {{"sha256", std::string(oci::Digest::sha256("other").hex())}}, {}}, type, "{}"));
  const auto outcome = attest(options, key);
  ASSERT_EQ(outcome.failures.size(), 2u);
  EXPECT_EQ(outcome.failures[0].error.code, Code::mismatch);
  EXPECT_EQ(registry.count(remote::testing::Call::push_blob), 0);
  for (const char* bad : {"{}", "[]", "", R"({"_type":"https://in-toto.io/Statement/v1","subject":[]})"})
    EXPECT_FALSE(Attestation::whole(bad)) << bad;
}

}  // namespace
}  // namespace sigstore::sign
