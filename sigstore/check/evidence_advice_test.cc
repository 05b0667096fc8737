// What a person reads when a signature by certificate does not pass: what, why, and what to try.
#include <gtest/gtest.h>

#include "sigstore/authority/testing/sigstore.h"
#include "sigstore/check/explain.h"

namespace sigstore::check {
namespace {

using namespace std::chrono_literals;
using authority::log::Shape;
using authority::testing::Form;
using authority::testing::Recipe;
using authority::testing::Signed;
using authority::testing::Sigstore;

class AdviceTest : public testing::Test {
 protected:
  AdviceTest() {
    verify::IdentityRule rule;
    rule.subject.exact = "https://ci.test/team/app@refs/heads/main";
    rule.issuer.exact = "https://issuer.test";
    options.requirements.identities = {rule};
    options.material.at = world.now();
    options.material.parties = verify::TrustedParties::from(world.trusted_root());
  }

  Candidate judged(const Signed& made) {
    options.requirements.subject = oci::Digest::sha256(made.artifact);
    auto verdict = verify::judge(made.bundle, options.material, options.requirements);
    return {{store::Format::simple_signing, {}, "place", made.bundle, {}}, std::move(verdict)};
  }
  Signed sign(Recipe recipe = {}) {
    recipe.form = Form::simple_signing;
    return world.sign(recipe);
  }
  Error error(const Signed& made) {
    const auto [reason, error] = explain("r.example/a", {judged(made)}, options);
    EXPECT_EQ(reason, Reason::no_match);
    EXPECT_FALSE(error.message.empty() || error.cause.empty());
    return error;
  }

  Sigstore world;
  Sigstore stranger{authority::testing::other_world()};
  Options options;
};

TEST_F(AdviceTest, ByWhom) {
  options.requirements.identities[0].subject.exact = "jo@example.com";
  const Error said = error(sign());
  EXPECT_EQ(said.message, "the signature on r.example/a is good, but it is not by who was expected");
  EXPECT_EQ(said.cause,
            "it is signed by somebody else (expected jo@example.com, found "
            "https://ci.test/team/app@refs/heads/main)");
  EXPECT_EQ(said.hint,
            "if these are trusted: --certificate-identity https://ci.test/team/app@refs/heads/main "
            "--certificate-oidc-issuer https://issuer.test");
}

TEST_F(AdviceTest, OfAnotherSigstore) {
  Recipe recipe;
  recipe.form = Form::simple_signing;
  const Error said = error(stranger.sign(recipe));
  EXPECT_EQ(said.message, "no matching signatures for r.example/a");
  EXPECT_TRUE(said.hint.contains("--trusted-root FILE")) << said.hint;
  options.material.parties = nullptr;
  EXPECT_EQ(error(sign()).hint,
            "pass the trusted root of the Sigstore that issued its certificate (--trusted-root FILE)");
}

TEST_F(AdviceTest, RootsWithoutWhatLeadsToThem) {
  auto root = world.trusted_root();
  auto chain = root.certificate_authorities.front().chain;
  auto roots = crypto::x509::Authority::from_pools({chain.back()}, {});
  ASSERT_TRUE(roots);
  root.certificate_authorities.clear();
  options.material.parties = verify::TrustedParties::from(root, {*roots});
  EXPECT_EQ(error(sign()).hint,
            "name the roots of its authority (--ca-roots FILE) and what stands between them and the "
            "certificate (--ca-intermediates FILE)");
  options.material.parties = verify::TrustedParties::from(root);
  EXPECT_TRUE(error(sign()).hint.contains("--trusted-root FILE"));
}

TEST_F(AdviceTest, SignedWithAKey) {
  Signed made = sign({.keyless = false});
  made.bundle.key.hint = made.key.hint();
  const Error said = error(made);
  EXPECT_EQ(said.hint, "verify with the public key of who signed (--key)");
  EXPECT_TRUE(said.cause.contains(made.key.fingerprint())) << said.cause;
  made.bundle.key.hint.clear();
  EXPECT_EQ(error(made).hint,
            "pass the certificate that was made for it (--certificate FILE), or a key (--key)");
}

TEST_F(AdviceTest, NoLogAndALogThatDoesNotHold) {
  Error said = error(sign({.log = std::nullopt}));
  EXPECT_EQ(said.message, "the signature on r.example/a is good, but it is in no transparency log");
  EXPECT_TRUE(said.hint.contains("--insecure-ignore-tlog=true")) << said.hint;

  said = error(sign({.entry = [](tlog::Entry& entry) { entry.signed_entry_timestamp[9] ^= 1; }}));
  EXPECT_EQ(said.message,
            "the signature on r.example/a is good, but its proof of a transparency log does not hold");
  EXPECT_TRUE(said.cause.contains("the promise (SET) of log https://rekor.sigstore.test is not good"))
      << said.cause;
  EXPECT_EQ(said.hint, "");

  said = error(sign({.logged_by = &stranger}));
  EXPECT_EQ(said.message,
            "the signature on r.example/a is good, but its proof of a transparency log was not judged");
  EXPECT_EQ(said.hint, "pass the trusted root that names its log (--trusted-root FILE)");
}

TEST_F(AdviceTest, NoTime) {
  options.requirements.log_entries = 0;
  Error said = error(sign({.log = std::nullopt, .timestamped = false}));
  EXPECT_EQ(
      said.cause,
      "nothing proves when it was signed, and its certificate was valid for a while only (expected a proven "
      "time, found none)");
  EXPECT_TRUE(said.hint.contains("--timestamp-server-url")) << said.hint;
  said = error(sign({.log = std::nullopt, .timestamped_by = &stranger}));
  EXPECT_EQ(said.hint, "pass the trusted root that names its timestamp authority (--trusted-root FILE)");
}

TEST_F(AdviceTest, NoPromiseOfALogOfCertificates) {
  const Error said = error(sign({.promised = false}));
  EXPECT_EQ(said.message,
            "the signature on r.example/a is good, but no log promises to list its certificate");
  EXPECT_EQ(said.hint, "pass --insecure-ignore-sct=true to do without the promise");
}

TEST_F(AdviceTest, APromiseOfAnotherLog) {
  const Error said = error(sign({.promised_by = {&stranger}}));
  EXPECT_EQ(said.message,
            "the signature on r.example/a is good, but no log that is trusted promises to list its "
            "certificate");
  EXPECT_TRUE(said.hint.starts_with("pass the trusted root that names its log of certificates")) << said.hint;
}

TEST_F(AdviceTest, TheLogIsIgnoredAndTheCertificateIsOver) {
  options.requirements.log_entries = 0;
  options.requirements.current_time = true;
  options.material.at = world.now() + 1h;
  const Error said = error(sign({.timestamped = false}));
  EXPECT_TRUE(said.cause.starts_with("the certificate is not valid now")) << said.cause;
  EXPECT_TRUE(said.hint.starts_with("leave --insecure-ignore-tlog out")) << said.hint;
}

// A signature without a certificate is farther than one whose certificate no log promises to list.
TEST_F(AdviceTest, NothingToJudgeByIsFarthest) {
  const Error said =
      explain("r.example/a", {judged(sign({.keyless = false})), judged(sign({.promised = false}))}, options)
          .error;
  EXPECT_EQ(said.message,
            "the signature on r.example/a is good, but no log promises to list its certificate");
}

TEST_F(AdviceTest, TheSignatureItself) {
  const Error said = error(sign({.signature = [](Bytes& signature) { signature.back() ^= 1; }}));
  EXPECT_EQ(said.code, Code::bad_signature);
  EXPECT_TRUE(said.cause.starts_with("the signature is not by the key of its certificate")) << said.cause;
}

// The nearest miss is told of, whatever stands before it.
TEST_F(AdviceTest, TheNearestOfSeveral) {
  const std::vector<Candidate> candidates = {judged(sign({.certified_by = &stranger})),
                                             judged(sign({.promised = false})),
                                             judged(sign({.certified_at = world.now() - 1h}))};
  const Error said = explain("r.example/a", candidates, options).error;
  EXPECT_EQ(said.message,
            "the signature on r.example/a is good, but no log promises to list its certificate");
  EXPECT_TRUE(said.cause.starts_with("nearest of 3 signatures: ")) << said.cause;
}

// Signers are counted, not keys: of a certificate these change with every signature.
TEST_F(AdviceTest, OneIdentityCountsOnce) {
  const std::vector<Candidate> twice = {judged(sign()), judged(sign())};
  EXPECT_EQ(accepted_keys(twice),
            (std::vector<std::pair<std::string, std::string>>{
                {"https://ci.test/team/app@refs/heads/main (https://issuer.test)", ""}}));
}

}  // namespace
}  // namespace sigstore::check
