#include "sigstore/check/explain.h"

#include <gtest/gtest.h>

#include "sigstore/payload/simple_signing.h"

namespace sigstore::check {
namespace {

const oci::Digest image = oci::Digest::sha256("image");
const oci::Digest other = oci::Digest::sha256("other");

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    options.material.keys.push_back({key.public_key(), "a.pub"});
    options.requirements.subject = image;
    options.requirements.log_entries = 0;
  }

  Candidate judged(store::Stored stored) {
    verify::Verdict verdict;
    if (stored.bundle) verdict = verify::judge(*stored.bundle, options.material, options.requirements);
    return {std::move(stored), std::move(verdict)};
  }
  Candidate signed_by(crypto::PrivateKey& signer, store::Format format, bundle::Content content,
                      const std::string& hint = {}) {
    bundle::Bundle made;
    made.content = std::move(content);
    if (const auto message = bundle::signed_bytes(made.content))
      made.signature = *signer.sign(crypto::Scheme::ecdsa_sha256, as_bytes(message->joined()));
    made.key.hint = hint;
    return judged({format, {}, "place", std::move(made), {}});
  }
  Candidate simple(crypto::PrivateKey& signer, const oci::Digest& digest,
                   const oci::Annotations& annotations = {}) {
    return signed_by(signer, store::Format::simple_signing,
                     bundle::SimpleSigningContent{payload::write_simple_signing("r", digest, annotations)});
  }
  Candidate statement(crypto::PrivateKey& signer, const std::string& hint = {}) {
    return signed_by(signer, store::Format::bundle,
                     bundle::EnvelopeContent{std::string(payload::in_toto_payload_type),
                                             payload::write_sign_statement(image, {})},
                     hint);
  }
  Candidate attestation(const std::string& type) {
    const std::string text =
        R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" +
        std::string(image.hex()) + R"("}}],"predicateType":")" + type + "\"}";
    return signed_by(key, store::Format::bundle,
                     bundle::EnvelopeContent{std::string(payload::in_toto_payload_type), text});
  }
  Candidate unreadable(const std::string& where) {
    return judged({store::Format::bundle, {}, where, fail(Code::malformed, "not a bundle"), {}});
  }
  Explanation explained(const std::vector<Candidate>& candidates) {
    return explain("r.example/a", candidates, options);
  }

  crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  crypto::PrivateKey stranger = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  const std::string ours = key.public_key().fingerprint() + " (a.pub)";
  Options options;
};

TEST_F(ExplainTest, NothingThere) {
  const auto [reason, error] = explained({});
  EXPECT_EQ(reason, Reason::no_signature);
  EXPECT_EQ(error, (Error{Code::not_found, "no signatures found for r.example/a", "", ""}));
}

// Claims of a bundle stand apart from what was checked.
TEST_F(ExplainTest, ByAnotherKey) {
  const auto hint = stranger.public_key().hint();
  const auto [reason, error] = explained({simple(stranger, image), statement(stranger, hint)});
  EXPECT_EQ(reason, Reason::no_match);
  EXPECT_EQ(error.code, Code::bad_signature);
  EXPECT_EQ(error.cause, "none of 2 signatures is by key " + ours + "; 1 bundle claims key " +
                             stranger.public_key().fingerprint() + " (unverified hint)");
}

TEST_F(ExplainTest, ABundleThatClaimsOurKeyAndIsNotByIt) {
  EXPECT_EQ(explained({statement(stranger, key.public_key().hint())}).error.cause,
            "the one signature is not by key " + ours + "; 1 bundle claims key " +
                key.public_key().fingerprint() + " and does not verify with it");
}

TEST_F(ExplainTest, EveryTrustedKeyIsNamed) {
  options.material.keys.push_back({stranger.public_key(), ""});
  auto third = *crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256);
  EXPECT_EQ(explained({simple(third, image)}).error.cause,
            "the one signature is not by key " + ours + " or " + stranger.public_key().fingerprint());
}

TEST_F(ExplainTest, AnAttestationIsSaidToBeOne) {
  const auto [reason, error] =
      explained({attestation("https://spdx.dev/Document"), attestation("https://spdx.dev/Document"),
                 attestation("https://a.example")});
  EXPECT_EQ(reason, Reason::no_signature);
  EXPECT_EQ(error.cause,
            "1 bundle of type https://a.example (not a signature), 2 bundles of type "
            "https://spdx.dev/Document (not a signature)");
  EXPECT_NE(error.hint.find("verify-attestation"), std::string::npos);
}

TEST_F(ExplainTest, ClaimsThatCannotBeReadSayWhy) {
  const auto [reason, error] =
      explained({signed_by(key, store::Format::simple_signing, bundle::SimpleSigningContent{"text"}),
                 signed_by(key, store::Format::bundle, bundle::MessageContent{})});
  EXPECT_EQ(reason, Reason::no_signature);
  EXPECT_NE(error.cause.find("1 payload whose claims cannot be read: "), std::string::npos) << error.cause;
  EXPECT_NE(error.cause.find("1 bundle whose claims cannot be read: this is the signature of a file"),
            std::string::npos)
      << error.cause;
}

TEST_F(ExplainTest, AnEntryThatCannotBeReadIsNotAbsent) {
  const auto [reason, error] = explained({unreadable("place")});
  EXPECT_EQ(reason, Reason::no_match);
  EXPECT_EQ(error.code, Code::malformed);
  EXPECT_EQ(error.cause, "one entry cannot be read, place: not a bundle");
  EXPECT_NE(explained({unreadable("place"), simple(stranger, image)})
                .error.cause.find("; one entry cannot be read"),
            std::string::npos);
}

TEST_F(ExplainTest, TheNearestMissIsByOurKeyWithTheFewestFailures) {
  options.requirements.annotations = {{"env", "prod"}};
  options.requirements.log_entries = 1;
  const auto [reason, error] = explained(
      {simple(stranger, image, {{"env", "prod"}}), simple(key, other), simple(key, image, {{"env", "dev"}})});
  EXPECT_EQ(reason, Reason::no_match);
  EXPECT_EQ(error.code, Code::mismatch);
  EXPECT_EQ(error.cause,
            "nearest of 3 signatures: missing or incorrect annotation env (expected prod, found dev)");
}

TEST_F(ExplainTest, ForAnotherImage) {
  EXPECT_EQ(explained({simple(key, other)}).error.cause,
            "it was made for another image (expected " + image.text() + ", found " + other.text() + ")");
}

// Whatever else is wrong is said first: a missing log entry alone is its own message.
TEST_F(ExplainTest, InNoLogIsSaidWhereNothingElseIsWrong) {
  options.requirements.log_entries = 1;
  const Error error = explained({simple(key, other), simple(key, image)}).error;
  EXPECT_EQ(error.message, "the signature on r.example/a is good, but it is in no transparency log");
  EXPECT_NE(error.hint.find("--insecure-ignore-tlog=true"), std::string::npos);
  EXPECT_EQ(explained({simple(key, other)}).error.message, "no matching signatures for r.example/a");
  EXPECT_EQ(explained({simple(stranger, image)}).error.code, Code::bad_signature);
}

TEST_F(ExplainTest, AProofThatWasNotJudgedIsNoMissingOne) {
  options.requirements.log_entries = 1;
  store::Stored logged = simple(key, image).stored;
  logged.bundle->evidence.tlog_entries.emplace_back();
  const Error error = explained({judged(std::move(logged))}).error;
  EXPECT_EQ(error.message,
            "the signature on r.example/a is good, but its proof of a transparency log was not judged");
  EXPECT_EQ(error.cause, "no transparency log is trusted to judge its proof by");
}

// Whoever can push to the registry chooses how much there is and what it says.
TEST_F(ExplainTest, TheMessageStaysShort) {
  std::vector<Candidate> many;
  for (int i = 0; i < 300; ++i) {
    many.push_back(attestation("https://" + std::to_string(i) + std::string(2000, 'x')));
    many.push_back(unreadable(std::to_string(i)));
    many.push_back(statement(stranger, std::string(2000, 'h') + std::to_string(i)));
  }
  const Error error = explained(many).error;
  EXPECT_LT(error.cause.size(), 4000u);
  EXPECT_NE(error.cause.find(" and 295 more"), std::string::npos);
  options.requirements.annotations = {{"env", "prod"}};
  EXPECT_LT(explained({simple(key, image, {{"env", std::string(100000, 'x')}})}).error.cause.size(), 500u);
}

// The same for attestations, in their words.
class ExplainAttestation : public ExplainTest {
 protected:
  ExplainAttestation() {
    options.requirements.wanted = verify::Wanted::attestation;
    options.requirements.predicate_types.clear();
  }
};

TEST_F(ExplainAttestation, NoneAndSignaturesAlone) {
  EXPECT_EQ(explained({}).reason, Reason::no_signature);
  EXPECT_EQ(explained({}).error.message, "no attestations found for r.example/a");
  const auto alone = explained({statement(key)});
  EXPECT_EQ(alone.reason, Reason::no_signature);
  EXPECT_EQ(alone.error.cause, "1 bundle of type https://sigstore.dev/cosign/sign/v1 (a signature)");
}

TEST_F(ExplainAttestation, OthersThanTheTypeThatIsWanted) {
  options.requirements.predicate_types = {"a:wanted"};
  const auto why = explained({attestation("a:b"), attestation("a:b"), statement(key)});
  EXPECT_EQ(why.reason, Reason::no_match);
  EXPECT_EQ(why.error.message, "no attestation of r.example/a is of type a:wanted");
  EXPECT_EQ(
      why.error.cause,
      "found: 2 bundles of type a:b, 1 bundle of type https://sigstore.dev/cosign/sign/v1 (a signature)");
  EXPECT_EQ(explained({statement(key)}).reason, Reason::no_signature);
}

TEST_F(ExplainAttestation, AnotherKeyAndAnotherImage) {
  options.requirements.subject = other;
  EXPECT_EQ(explained({attestation("a:b")}).error.cause,
            "it is about something else (expected " + other.text() + ", found " + image.text() + ")");
  options.requirements.subject = image;
  const auto theirs = attestation("a:b");
  options.material.keys = {{stranger.public_key(), "b.pub"}};
  const auto why = explained({judged(theirs.stored)});
  EXPECT_EQ(why.error.message, "no matching attestations for r.example/a");
  EXPECT_TRUE(why.error.cause.starts_with("the one attestation is not by key ")) << why.error.cause;
}

TEST_F(ExplainAttestation, NoLog) {
  options.requirements.log_entries = 1;
  const auto why = explained({attestation("a:b")});
  EXPECT_EQ(why.error.message, "the attestation on r.example/a is good, but it is in no transparency log");
}

}  // namespace
}  // namespace sigstore::check
