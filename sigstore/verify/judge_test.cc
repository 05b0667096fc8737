#include "sigstore/verify/judge.h"

#include <algorithm>

#include "sigstore/payload/simple_signing.h"

namespace sigstore::verify {
namespace {

using crypto::KeyType;
using crypto::PrivateKey;
using crypto::Scheme;

const oci::Digest image = oci::Digest::sha256("image");
const oci::Digest other = oci::Digest::sha256("other");

const PrivateKey& key() {
  static const PrivateKey made = *PrivateKey::generate(KeyType::ecdsa_p256);
  return made;
}

bundle::Bundle sign(bundle::Content content, Scheme scheme = Scheme::ecdsa_sha256,
                    const PrivateKey& by = key()) {
  bundle::Bundle made;
  made.content = std::move(content);
  const std::string message = bundle::signed_bytes(made.content)->joined();
  made.signature = *const_cast<PrivateKey&>(by).sign(scheme, as_bytes(message));
  return made;
}
bundle::Bundle simple(const oci::Digest& digest, const oci::Annotations& annotations = {}) {
  return sign(
      bundle::SimpleSigningContent{payload::write_simple_signing("r.example/a", digest, annotations)});
}
bundle::Bundle envelope(const oci::Digest& digest, const oci::Annotations& annotations = {}) {
  return sign(bundle::EnvelopeContent{std::string(payload::in_toto_payload_type),
                                      payload::write_sign_statement(digest, annotations)});
}
bundle::Bundle statement(const std::string& predicate_type) {
  return sign(bundle::EnvelopeContent{
      std::string(payload::in_toto_payload_type),
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" +
          std::string(image.hex()) + R"("}}],"predicateType":")" + predicate_type + R"(","predicate":{}})"});
}

Requirements required(int log_entries = 0) {
  Requirements requirements;
  requirements.subject = image;
  requirements.log_entries = log_entries;
  return requirements;
}
TrustedMaterial trusted(const crypto::PublicKey& public_key = key().public_key()) {
  return {{{public_key, "k.pub"}}};
}

Status status(const Verdict& verdict, std::string_view id) {
  const auto found = std::ranges::find(verdict.checks, id, &Check::id);
  EXPECT_NE(found, verdict.checks.end()) << id;
  return found == verdict.checks.end() ? Status::failed : found->status;
}

TEST(Judge, AcceptsBothFormsAndNamesKeyAndScheme) {
  for (const bundle::Bundle& bundle : {simple(image), envelope(image)}) {
    const Verdict verdict = judge(bundle, trusted(), required());
    EXPECT_TRUE(verdict.accepted());
    EXPECT_EQ(verdict.key_fingerprint, key().public_key().fingerprint());
    EXPECT_EQ(verdict.key_name, "k.pub");
    EXPECT_EQ(verdict.scheme, Scheme::ecdsa_sha256);
    EXPECT_EQ(verdict.claims.digest, image);
  }
}

TEST(Judge, RefusesAnotherImage) {
  for (const bundle::Bundle& bundle : {simple(other), envelope(other)}) {
    const Verdict verdict = judge(bundle, trusted(), required());
    EXPECT_FALSE(verdict.accepted());
    EXPECT_EQ(verdict.first_failure()->id, "subject");
    EXPECT_EQ(verdict.first_failure()->expected, image.text());
    EXPECT_EQ(verdict.first_failure()->found, other.text());
  }
}

TEST(Judge, ClaimsMayBeLeftUncheckedForAPayloadButNeverForAStatement) {
  Requirements requirements = required();
  requirements.check_claims = false;
  EXPECT_TRUE(judge(simple(other), trusted(), requirements).accepted());
  EXPECT_FALSE(judge(envelope(other), trusted(), requirements).accepted());
}

// cosign.md 1.5, `sign --payload`: the signed bytes may be anything, if nobody asks what they claim.
TEST(Judge, AnyPayloadMayBeSignedWhenItsClaimsAreNotChecked) {
  const bundle::Bundle text = sign(bundle::SimpleSigningContent{"any text"});
  EXPECT_EQ(judge(text, trusted(), required()).first_failure()->id, "type");
  Requirements requirements = required();
  requirements.check_claims = false;
  EXPECT_TRUE(judge(text, trusted(), requirements).accepted());
  requirements.annotations = {{"env", "prod"}};
  EXPECT_EQ(judge(text, trusted(), requirements).first_failure()->id, "annotations");
}

TEST(Judge, APayloadOfAnotherTypeIsNoSignature) {
  std::string payload = payload::write_simple_signing("r", image, {});
  const std::string type(payload::simple_signing_type);
  payload.replace(payload.find(type), type.size(), "another type");
  const Verdict verdict = judge(sign(bundle::SimpleSigningContent{payload}), trusted(), required());
  EXPECT_EQ(verdict.first_failure()->id, "type");
  EXPECT_EQ(verdict.first_failure()->found, "another type");
}

TEST(Judge, TheReasonOfTheLogIsExact) {
  bundle::Bundle logged = simple(image);
  logged.evidence.tlog_entries.emplace_back();
  EXPECT_EQ(judge(logged, trusted(), required(1)).first_failure()->detail,
            "no transparency log is trusted to judge its proof by");
  EXPECT_EQ(judge(simple(image), trusted(), required(1)).first_failure()->found, "none");
  EXPECT_TRUE(judge(logged, trusted(), required(0)).accepted());
}

TEST(Judge, RefusesAnotherKeyAndLeavesTheClaimsUnproven) {
  const PrivateKey stranger = *PrivateKey::generate(KeyType::ecdsa_p256);
  const Verdict verdict = judge(simple(image), trusted(stranger.public_key()), required());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.first_failure()->id, "signature");
  EXPECT_EQ(status(verdict, "subject"), Status::skipped);
  EXPECT_FALSE(verdict.key_fingerprint.has_value());
}

TEST(Judge, OneFlippedBitInPayloadOrSignatureIsRefused) {
  const bundle::Bundle good = simple(image);
  for (std::size_t i = 0; i < good.signature.size(); ++i) {
    bundle::Bundle bad = good;
    bad.signature[i] ^= 1;
    EXPECT_FALSE(judge(bad, trusted(), required()).accepted()) << i;
  }
  bundle::Bundle bad = good;
  std::get<bundle::SimpleSigningContent>(bad.content).payload[20] ^= 1;
  EXPECT_FALSE(judge(bad, trusted(), required()).accepted());
}

TEST(Judge, TheEnvelopeTypeIsSigned) {
  bundle::Bundle bad = envelope(image);
  std::get<bundle::EnvelopeContent>(bad.content).payload_type = "text/plain";
  EXPECT_FALSE(judge(bad, trusted(), required()).accepted());
}

// cosign.md 5.1: any attestation by the same key passed as a signature.
TEST(Judge, AnAttestationIsNoSignature) {
  const Verdict verdict = judge(statement("https://spdx.dev/Document"), trusted(), required());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.first_failure()->id, "type");
  EXPECT_EQ(verdict.first_failure()->found, "https://spdx.dev/Document");
  Requirements any = required();
  any.predicate_types.clear();
  EXPECT_TRUE(judge(statement("https://spdx.dev/Document"), trusted(), any).accepted());
}

TEST(Judge, AnnotationsMustBeThereAsText) {
  Requirements requirements = required();
  requirements.annotations = {{"env", "prod"}};
  for (const bundle::Bundle& bundle :
       {simple(image, {{"env", "prod"}, {"n", "1"}}), envelope(image, {{"env", "prod"}})})
    EXPECT_TRUE(judge(bundle, trusted(), requirements).accepted());
  for (const bundle::Bundle& bundle : {simple(image), envelope(image), simple(image, {{"env", "dev"}})})
    EXPECT_FALSE(judge(bundle, trusted(), requirements).accepted());
  const std::string number =
      R"({"critical":{"identity":{"docker-reference":""},"image":{"docker-manifest-digest":")" +
      image.text() + R"("},"type":"cosign container image signature"},"optional":{"env":1}})";
  requirements.annotations = {{"env", "1"}};
  EXPECT_FALSE(judge(sign(bundle::SimpleSigningContent{number}), trusted(), requirements).accepted());
}

// The signature is judged all the same, so that the person hears that only the log is missing.
TEST(Judge, AGoodSignatureInNoLogFailsOnTheLogAlone) {
  const Verdict verdict = judge(simple(image), trusted(), required(1));
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.first_failure()->id, "log");
  EXPECT_EQ(status(verdict, "signature"), Status::passed);
  EXPECT_EQ(std::ranges::count(verdict.checks, Status::failed, &Check::status), 1);
}

TEST(Judge, NothingIsAcceptedWithoutAKey) {
  EXPECT_FALSE(judge(simple(image), {}, required()).accepted());
}

// GHSA-fx35-mq7g-6g98: what the bundle says about its key never becomes trusted.
TEST(Judge, AKeyClaimedByTheBundleChangesNothing) {
  const PrivateKey stranger = *PrivateKey::generate(KeyType::ecdsa_p256);
  bundle::Bundle forged = simple(image);
  forged.key.hint = stranger.public_key().hint();
  forged.key.certificates = {stranger.public_key().spki()};
  EXPECT_FALSE(judge(forged, trusted(stranger.public_key()), required()).accepted());
  EXPECT_TRUE(judge(forged, trusted(), required()).accepted());
}

TEST(Judge, TheSignatureOfAFileIsNoneOfAnImage) {
  bundle::Bundle blob;
  blob.content = bundle::MessageContent{crypto::HashAlgorithm::sha256, crypto::sha256(as_bytes("image"))};
  blob.signature = *const_cast<PrivateKey&>(key()).sign(Scheme::ecdsa_sha256, as_bytes("image"));
  EXPECT_FALSE(judge(blob, trusted(), required()).accepted());
}

// Real cosign signs with the curve's digest or with SHA-256, and Ed25519 pure or prehashed: all verify.
TEST(Judge, EveryKeyTypeVerifiesWithEachOfItsSchemes) {
  const std::pair<KeyType, std::vector<Scheme>> types[] = {
      {KeyType::ecdsa_p384, {Scheme::ecdsa_sha256, Scheme::ecdsa_sha384}},
      {KeyType::ecdsa_p521, {Scheme::ecdsa_sha256, Scheme::ecdsa_sha512}},
      {KeyType::rsa, {Scheme::rsa_pkcs1_sha256}},
      {KeyType::ed25519, {Scheme::ed25519, Scheme::ed25519ph}}};
  for (const auto& [type, schemes] : types) {
    const PrivateKey made = *PrivateKey::generate(type);
    for (const Scheme scheme : schemes) {
      const auto bundle =
          sign(bundle::SimpleSigningContent{payload::write_simple_signing("r", image, {})}, scheme, made);
      const Verdict verdict = judge(bundle, trusted(made.public_key()), required());
      EXPECT_TRUE(verdict.accepted()) << crypto::name(scheme);
      EXPECT_EQ(verdict.scheme, scheme);
    }
  }
}

TEST(Judge, TheOrderOfKeysChangesNothing) {
  const PrivateKey stranger = *PrivateKey::generate(KeyType::ed25519);
  TrustedMaterial material{{{stranger.public_key(), "a"}, {key().public_key(), "b"}}};
  EXPECT_EQ(judge(simple(image), material, required()).key_name, "b");
  std::ranges::reverse(material.keys);
  EXPECT_EQ(judge(simple(image), material, required()).key_name, "b");
}

// What a key set says of the key is a check of its own, after its signature: it says whose it was.
TEST(Judge, AKeyOfAKeySetIsJudgedByIt) {
  TrustedMaterial material = trusted();
  material.at = Time{std::chrono::seconds(1'800'000'000)};
  keyset::Key& listed = material.keys[0].listed.emplace();
  listed.key = key().public_key();
  Verdict verdict = judge(simple(image), material, required());
  EXPECT_TRUE(verdict.accepted());
  EXPECT_EQ(status(verdict, "key"), Status::passed);

  listed.not_after = material.at - std::chrono::seconds(1);
  verdict = judge(simple(image), material, required());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.first_failure()->id, "key");
  EXPECT_EQ(verdict.first_failure()->detail,
            "key " + listed.key.fingerprint() + " was valid until 2027-01-15T07:59:59Z");
  EXPECT_EQ(verdict.key_fingerprint, listed.key.fingerprint());

  listed.not_after.reset();
  listed.state = keyset::State::revoked;
  listed.since = material.at + std::chrono::hours(1);  // whenever that is
  EXPECT_FALSE(judge(envelope(image), material, required()).accepted());
  listed.state = keyset::State::retired;
  EXPECT_TRUE(judge(envelope(image), material, required()).accepted());
}

TEST(Judge, AScopeIsOfTheImagesRepository) {
  TrustedMaterial material = trusted();
  material.keys[0].listed = keyset::Key{.key = key().public_key(), .scope = {"r.example/team/*"}};
  Requirements requirements = required();
  EXPECT_FALSE(judge(simple(image), material, requirements).accepted());
  requirements.repository = oci::Repository{"r.example", "team/app"};
  EXPECT_TRUE(judge(simple(image), material, requirements).accepted());
  requirements.repository = oci::Repository{"r.example", "other/app"};
  EXPECT_FALSE(judge(simple(image), material, requirements).accepted());
}

TEST(Judge, OfManyKeysAFewAreNamed) {
  TrustedMaterial material;
  for (int i = 0; i < 7; ++i)
    material.keys.push_back({PrivateKey::generate(KeyType::ed25519)->public_key(), ""});
  const Verdict verdict = judge(simple(image), material, required());
  EXPECT_TRUE(verdict.first_failure()->expected.ends_with(" or 2 more"));
  EXPECT_FALSE(verdict.first_failure()->expected.contains(material.keys[5].key.fingerprint()));
}

TEST(Judge, EachCheckNamesTheValuesItCompared) {
  Requirements requirements = required();
  requirements.annotations = {{"env", "prod"}, {"n", "1"}};
  const Verdict verdict = judge(simple(image, {{"env", "prod"}, {"n", "1"}}), trusted(), requirements);
  const std::vector<Check> expected = {
      {"material", "client-spec 4.1 (signature verification material)", Status::passed, "", "", ""},
      {"log", "client-spec 4.4 (transparency log entry)", Status::skipped, "", "",
       "the transparency log is ignored, as asked"},
      {"signature", "client-spec 4.5 (signature)", Status::passed, key().public_key().fingerprint(),
       key().public_key().fingerprint(), ""},
      {"type", "client-spec 4.6 (verification policy)", Status::passed,
       std::string(payload::simple_signing_type), std::string(payload::simple_signing_type), ""},
      {"subject", "client-spec 4.6 (verification policy)", Status::passed, image.text(), image.text(), ""},
      {"annotations", "client-spec 4.6 (verification policy)", Status::passed, "env=prod, n=1",
       "env=prod, n=1", ""}};
  EXPECT_EQ(verdict.checks, expected);
}

// GHSA-whqx-f9j3-ch6m: an entry of the log that nobody compared with this signature proves nothing.
TEST(Judge, ALogEntryIsNoEvidenceBeforeItIsJudged) {
  bundle::Bundle logged = envelope(image);
  logged.evidence.tlog_entries.emplace_back().log_index = 1;
  EXPECT_EQ(judge(logged, trusted(), required(1)).first_failure()->id, "log");
  logged = simple(image);
  logged.evidence.tlog_entries.emplace_back().signed_entry_timestamp = to_bytes("set");
  logged.evidence.timestamps = {to_bytes("stamp")};
  EXPECT_EQ(judge(logged, trusted(), required(1)).first_failure()->id, "log");
}

TEST(Judge, OfSeveralSubjectsTheImagesOwnCounts) {
  const std::string text =
      R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" +
      std::string(other.hex()) + R"("},"annotations":{"env":"dev"}},{"digest":{"sha256":")" +
      std::string(image.hex()) +
      R"("},"annotations":{"env":"prod"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"})";
  const auto bundle = sign(bundle::EnvelopeContent{std::string(payload::in_toto_payload_type), text});
  Requirements requirements = required();
  requirements.annotations = {{"env", "prod"}};
  EXPECT_TRUE(judge(bundle, trusted(), requirements).accepted());
  requirements.annotations = {{"env", "dev"}};
  EXPECT_EQ(judge(bundle, trusted(), requirements).first_failure()->id, "annotations");
}

// The payload of one form is never taken for the other, though the bytes are equal.
TEST(Judge, AFormIsNotTakenForTheOther) {
  const bundle::Bundle good = envelope(image);
  bundle::Bundle bare = good;
  bare.content = bundle::SimpleSigningContent{std::get<bundle::EnvelopeContent>(good.content).payload};
  EXPECT_FALSE(judge(bare, trusted(), required()).accepted());
  const auto as_statement = sign(bundle::EnvelopeContent{std::string(payload::in_toto_payload_type),
                                                         payload::write_simple_signing("r", image, {})});
  EXPECT_FALSE(judge(as_statement, trusted(), required()).accepted());
}

// --- attestations

Requirements attestation_of(const oci::Digest& digest, std::vector<std::string> types = {}) {
  Requirements requirements = required();
  requirements.subject = digest;
  requirements.wanted = Wanted::attestation;
  requirements.predicate_types = std::move(types);
  return requirements;
}

TEST(JudgeAttestation, AnyTypeWillDoButThatOfASignature) {
  EXPECT_TRUE(judge(statement("https://example.com/p"), trusted(), attestation_of(image)).accepted());
  for (const auto& signature : {simple(image), envelope(image)}) {
    const auto verdict = judge(signature, trusted(), attestation_of(image));
    ASSERT_FALSE(verdict.accepted());
    EXPECT_EQ(verdict.first_failure()->id, "type");
    EXPECT_EQ(verdict.first_failure()->detail, "it is a signature");
  }
}

// Kyverno 2739, and the referrers of policy-controller: the right subject and type, and no signature of
// anybody's.
TEST(JudgeAttestation, WhatNobodySignedIsRefusedWhateverItSays) {
  const auto good = statement("https://example.com/p");
  const auto& content = std::get<bundle::EnvelopeContent>(good.content);
  auto random = good;
  random.signature.assign(70, 0x30);
  auto none = good;
  none.signature.clear();
  auto of_the_payload = good;  // as it is, without the encoding that names its type
  of_the_payload.signature =
      *const_cast<PrivateKey&>(key()).sign(Scheme::ecdsa_sha256, as_bytes(content.payload));
  const auto anothers = sign(good.content, Scheme::ecdsa_sha256, *PrivateKey::generate(KeyType::ecdsa_p256));
  ASSERT_TRUE(judge(good, trusted(), attestation_of(image)).accepted());
  for (const auto& unsigned_one : {random, none, of_the_payload, anothers}) {
    const auto verdict = judge(unsigned_one, trusted(), attestation_of(image));
    EXPECT_FALSE(verdict.accepted());
    EXPECT_EQ(status(verdict, "signature"), Status::failed);
  }
}

TEST(JudgeAttestation, ATypeThatIsAskedForIsExactlyThat) {
  const auto bundle = statement("https://example.com/p");
  EXPECT_TRUE(judge(bundle, trusted(), attestation_of(image, {"https://example.com/p"})).accepted());
  EXPECT_FALSE(judge(bundle, trusted(), attestation_of(image, {"https://example.com/"})).accepted());
  EXPECT_TRUE(
      judge(envelope(image), trusted(), attestation_of(image, {std::string(payload::cosign_sign_predicate)}))
          .accepted());
}

TEST(JudgeAttestation, TheSubjectCountsUnlessClaimsAreNotChecked) {
  auto about_another = attestation_of(oci::Digest::sha256("another"));
  const auto refused = judge(statement("https://example.com/p"), trusted(), about_another);
  EXPECT_EQ(refused.first_failure()->id, "subject");
  about_another.check_claims = false;
  EXPECT_TRUE(judge(statement("https://example.com/p"), trusted(), about_another).accepted());
  EXPECT_FALSE(judge(simple(image), trusted(), about_another).accepted());
}

TEST(JudgeAttestation, ALargeOneVerifiesWithEveryScheme) {
  const std::string predicate = R"({"x":")" + std::string(3000000, 'y') + "\"}";
  const auto text = R"({"_type":"https://in-toto.io/Statement/v0.1","subject":[{"digest":{"sha256":")" +
                    std::string(image.hex()) + R"("}}],"predicateType":"p:q","predicate":)" + predicate + "}";
  for (const auto type : {crypto::KeyType::ecdsa_p384, crypto::KeyType::ed25519}) {
    const auto key = *PrivateKey::generate(type);
    for (const auto scheme : key.public_key().schemes()) {
      const auto bundle =
          sign(bundle::EnvelopeContent{std::string(payload::in_toto_payload_type), text}, scheme, key);
      const auto verdict = judge(bundle, trusted(key.public_key()), attestation_of(image));
      EXPECT_TRUE(verdict.accepted());
      EXPECT_EQ(verdict.scheme, scheme);
    }
  }
}

// --- files

crypto::PassingMessage pass(const bundle::Bundle& bundle, std::string_view content,
                            const TrustedMaterial& material = trusted()) {
  crypto::PassingMessage message;
  expect(message, bundle, material);
  message.update(as_bytes(content));
  message.finish();
  return message;
}
Verdict judge_file(const bundle::Bundle& bundle, std::string_view content,
                   const TrustedMaterial& material = trusted()) {
  Requirements requirements = required();
  requirements.wanted = Wanted::message;
  const auto message = pass(bundle, content, material);
  return judge(bundle, material, requirements, &message);
}
// The signature of "content", beside a digest or none.
bundle::Bundle file_signature(std::optional<std::string_view> claimed = "content",
                              Scheme scheme = Scheme::ecdsa_sha256, const PrivateKey& by = key()) {
  bundle::Bundle made;
  bundle::MessageContent content;
  content.algorithm = crypto::digest_of(scheme);
  if (claimed) content.digest = crypto::hash(content.algorithm, as_bytes(*claimed));
  made.content = std::move(content);
  made.signature = *const_cast<PrivateKey&>(by).sign(scheme, as_bytes("content"));
  return made;
}

TEST(JudgeFile, AcceptsItsSignatureWithAndWithoutADigest) {
  const Verdict named = judge_file(file_signature(), "content");
  EXPECT_TRUE(named.accepted());
  EXPECT_EQ(named.scheme, Scheme::ecdsa_sha256);
  EXPECT_EQ(status(named, "subject"), Status::passed);
  const Verdict unnamed = judge_file(file_signature(std::nullopt), "content");
  EXPECT_TRUE(unnamed.accepted());
  EXPECT_EQ(status(unnamed, "subject"), Status::skipped);
}

TEST(JudgeFile, EverySchemeOfEveryKey) {
  for (const KeyType type : {KeyType::ecdsa_p384, KeyType::ecdsa_p521, KeyType::rsa, KeyType::ed25519}) {
    const PrivateKey by = *PrivateKey::generate(type);
    for (const Scheme scheme : by.public_key().schemes())
      for (const auto claimed :
           {std::optional<std::string_view>("content"), std::optional<std::string_view>()}) {
        const auto made = file_signature(claimed, scheme, by);
        EXPECT_EQ(judge_file(made, "content", trusted(by.public_key())).scheme, scheme) << name(scheme);
        EXPECT_FALSE(judge_file(made, "Content", trusted(by.public_key())).accepted());
        EXPECT_FALSE(judge_file(made, "content").accepted());
      }
  }
}

TEST(JudgeFile, ADigestOfAnotherFileIsRefusedBesideAGoodSignature) {
  const auto made = file_signature("another");
  const Verdict verdict = judge_file(made, "content");
  EXPECT_EQ(status(verdict, "signature"), Status::passed);
  EXPECT_EQ(verdict.first_failure()->id, "subject");
  EXPECT_EQ(names_message(made, pass(made, "content")), false);
  EXPECT_EQ(names_message(file_signature(std::nullopt), pass(made, "content")), std::nullopt);
  EXPECT_EQ(names_message(file_signature(), pass(made, "content")), true);
}

TEST(JudgeFile, AnAttestationIsNoSignatureOfAFileAndNoFileIsAnImage) {
  const auto attested = judge_file(envelope(image), "image");
  EXPECT_EQ(attested.first_failure()->id, "type");
  const auto message = pass(file_signature(), "content");
  Requirements requirements = required();
  for (const Wanted wanted : {Wanted::signature, Wanted::attestation}) {
    requirements.wanted = wanted;
    EXPECT_FALSE(judge(file_signature(), trusted(), requirements, &message).accepted());
  }
}

TEST(JudgeFile, WithoutTheFileNothingIsAccepted) {
  Requirements requirements = required();
  requirements.wanted = Wanted::message;
  EXPECT_FALSE(judge(file_signature(), trusted(), requirements).accepted());
  const auto known =
      crypto::PassingMessage::known_by(crypto::HashAlgorithm::sha256, crypto::sha256(as_bytes("content")));
  EXPECT_TRUE(judge(file_signature(), trusted(), requirements, &known).accepted());
  const PrivateKey pure = *PrivateKey::generate(KeyType::ed25519);
  const auto verdict = judge(file_signature("content", Scheme::ed25519, pure), trusted(pure.public_key()),
                             requirements, &known);
  EXPECT_EQ(verdict.first_failure()->id, "signature");
  EXPECT_NE(verdict.first_failure()->detail.find("cannot be checked"), std::string::npos);
}

}  // namespace
}  // namespace sigstore::verify
