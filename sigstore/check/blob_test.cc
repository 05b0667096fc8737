#include "sigstore/check/blob.h"

#include <gtest/gtest.h>

#include "sigstore/sign/blob.h"

namespace sigstore::check {
namespace {

using crypto::KeyType;
using crypto::PassingMessage;
using crypto::PrivateKey;

PrivateKey& key() {
  static PrivateKey made = *PrivateKey::generate(KeyType::ecdsa_p256);
  return made;
}
PrivateKey& another() {
  static PrivateKey made = *PrivateKey::generate(KeyType::ed25519);
  return made;
}

store::Stored stored(Result<bundle::Bundle> bundle) {
  return {store::Format::bundle, oci::Digest::sha256("bundle"), "f.json", std::move(bundle), {}};
}
store::Stored signature(std::string_view content, PrivateKey& by = key()) {
  const ByteSource source = text_source(content);
  return stored(sign::sign_message(by, crypto::sha256(as_bytes(content)), &source));
}

ReadMessage reading(std::string_view content) {
  return [content](PassingMessage& message) -> Result<void> {
    message.update(as_bytes(content));
    return {};
  };
}

Options options(int log_entries = 0) {
  Options made;
  made.material = {{{key().public_key(), "k.pub"}}};
  made.requirements.log_entries = log_entries;
  return made;
}

TEST(CheckMessage, AcceptsWhatWasSigned) {
  const auto result = check_message("f", {signature("content")}, options(), reading("content"));
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.digest, oci::Digest::sha256("content"));
  EXPECT_EQ(result.candidates.size(), 1u);
}

TEST(CheckMessage, EveryCandidateMustPass) {
  const auto result = check_message("f", {signature("content"), signature("content", another())}, options(),
                                    reading("content"));
  EXPECT_EQ(result.reason, Reason::no_match);
  EXPECT_NE(result.error->cause.find("it is not by key"), std::string::npos);
  EXPECT_EQ(check_message("f", {}, options(), reading("content")).reason, Reason::no_signature);
}

TEST(CheckMessage, WhomToTrustThatCannotBeFoundOutIsNoVerdict) {
  auto asking = options(1);
  asking.obtain = [] { return fail(Code::unreachable, "no network"); };
  auto logged = signature("content");
  logged.bundle->evidence.tlog_entries.emplace_back();
  const auto result = check_message("f", {logged}, asking, reading("content"));
  EXPECT_EQ(result.reason, Reason::not_judged);
  EXPECT_EQ(result.error->message, "no network");
  EXPECT_EQ(check_message("f", {signature("content")}, asking, reading("content")).reason, Reason::no_match)
      << "it is in no log, whoever is trusted";
}

TEST(CheckMessage, SaysWhatIsWrong) {
  const auto error = [](store::Stored candidate, std::string_view content, int log_entries = 0) {
    return check_message("f", {std::move(candidate)}, options(log_entries), reading(content)).error->text();
  };
  EXPECT_EQ(error(signature("content"), "other"),
            "f is not the file that was signed: f.json names another digest");
  EXPECT_EQ(error(stored(fail(Code::malformed, "broken")), "content"), "no readable signature for f: broken");
  EXPECT_NE(error(signature("content"), "content", 1).find("it is in no transparency log"),
            std::string::npos);
  auto unnamed = signature("content");
  std::get<bundle::MessageContent>(unnamed.bundle->content).digest.clear();
  EXPECT_NE(error(unnamed, "other").find(", or f was changed"), std::string::npos);
}

TEST(CheckMessage, AFileThatCannotBeReadIsNoVerdict) {
  const auto reason = [](Code code) {
    return check_message("f", {signature("content")}, options(),
                         [code](PassingMessage&) -> Result<void> { return fail(code, "why"); })
        .reason;
  };
  EXPECT_EQ(reason(Code::not_found), Reason::blob_not_found);
  EXPECT_EQ(reason(Code::io), Reason::lookup_failed);
}

std::string statement(std::string_view content) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" +
         std::string(oci::Digest::sha256(content).hex()) +
         R"("}}],"predicateType":"https://example.com/p","predicate":{}})";
}
store::Stored attestation(std::string_view content, PrivateKey& by = key()) {
  return stored(sign::sign_statement(by, statement(content)));
}
Options any_type() {
  Options made = options();
  made.requirements.predicate_types.clear();
  return made;
}

TEST(CheckStatements, OneIsEnough) {
  const auto result =
      check_statements("f", {attestation("other"), attestation("content", another()), attestation("content")},
                       any_type(), reading("content"));
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.digest, oci::Digest::sha256("content"));
  EXPECT_EQ(check_statements("f", {attestation("other")}, any_type(), reading("content")).reason,
            Reason::no_match);
}

TEST(CheckStatements, TheSignatureOfAFileSaysNothingOfIt) {
  const auto signature_alone = check_statements("f", {signature("content")}, any_type(), reading("content"));
  EXPECT_EQ(signature_alone.reason, Reason::no_signature);
  EXPECT_NE(signature_alone.error->hint.find("verify-blob"), std::string::npos);
}

TEST(CheckMessage, AStatementAboutTheFileSignsItToo) {
  const auto result = check_message("f", {attestation("content")}, options(), reading("content"));
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.candidates[0].verdict.claims.type, "https://example.com/p");
  const auto said =
      stored(sign::sign_statement(key(), payload::write_sign_statement(oci::Digest::sha256("content"), {})));
  EXPECT_TRUE(check_message("f", {said}, options(), reading("content")).accepted());
  EXPECT_EQ(check_message("f", {attestation("other")}, options(), reading("content")).error->text(),
            "f is not the file that was signed: f.json names another digest");
  EXPECT_EQ(check_message("f", {attestation("content", another())}, options(), reading("content")).reason,
            Reason::no_match);
}

TEST(CheckMessage, AnEnvelopeWithoutAStatementSaysNothingOfAFile) {
  auto bent = attestation("content");
  std::get<bundle::EnvelopeContent>(bent.bundle->content).payload_type = "text/plain";
  const auto result = check_message("f", {bent}, options(), reading("content"));
  EXPECT_EQ(result.reason, Reason::no_signature);
  EXPECT_NE(result.error->cause.find("f.json signs no file: the envelope holds no in-toto statement"),
            std::string::npos)
      << result.error->cause;
}

TEST(CheckStatements, WithoutClaimsNothingIsRead) {
  Options unclaimed = any_type();
  unclaimed.requirements.check_claims = false;
  const auto result = check_statements("any", {attestation("content")}, unclaimed, {});
  EXPECT_TRUE(result.accepted());
  EXPECT_EQ(result.digest, std::nullopt);
  EXPECT_FALSE(check_statements("any", {attestation("content")}, any_type(), {}).accepted());
}

}  // namespace
}  // namespace sigstore::check
