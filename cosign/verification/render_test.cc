#include "cosign/verification/render.h"

#include <gtest/gtest.h>

namespace cosign {
namespace {

using sigstore::check::Candidate;
using sigstore::check::ImageResult;
using sigstore::store::Format;
using sigstore::verify::Status;
namespace json = sigstore::codec::json;
namespace oci = sigstore::oci;

const oci::Digest image = oci::Digest::sha256("image");
const std::string sign_type = "https://sigstore.dev/cosign/sign/v1";

Candidate accepted(Format format, const json::Value& optional, const std::string& key = "sha256:k") {
  Candidate out{{format, {}, "", sigstore::bundle::Bundle{}, {}}, {}};
  if (format == Format::bundle) out.stored.bundle->content = sigstore::bundle::EnvelopeContent{"t", "p"};
  for (const char* id : {"material", "signature", "type", "subject"})
    out.verdict.checks.push_back({id, "", Status::passed, "", "", ""});
  for (const char* id : {"log", "annotations"})
    out.verdict.checks.push_back({id, "", Status::skipped, "", "", ""});
  out.verdict.key_fingerprint = key;
  out.verdict.claims = {"r.example/claimed", image,
                        format == Format::bundle ? sign_type : "cosign container image signature", optional};
  return out;
}
Candidate refused() {
  Candidate out = accepted(Format::simple_signing, nullptr);
  out.verdict.checks[1].status = Status::failed;
  return out;
}
ImageResult result_of(std::vector<Candidate> candidates) {
  ImageResult result;
  result.typed = "r.example/app:1";
  result.reference = *oci::Reference::parse(result.typed);
  result.digest = image;
  result.candidates = std::move(candidates);
  return result;
}
const json::Object prod{{"env", "prod"}};

std::string sig_entry(const std::string& optional) {
  return R"({"critical":{"identity":{"docker-reference":"r.example/claimed"},"image":{"docker-manifest-digest":")" +
         image.text() + R"("},"type":"cosign container image signature"},"optional":)" + optional + "}";
}
std::string bundle_entry(const std::string& optional) {
  return R"({"critical":{"identity":{"docker-reference":"r.example/app:1"},"image":{"docker-manifest-digest":")" +
         image.text() + R"("},"type":")" + sign_type + R"("},"optional":)" + optional + "}";
}

// cosign.md 2l.11: the old shape keeps what was signed, the 3.x shape what the user typed.
TEST(VerifyRender, EachFormatInItsShape) {
  EXPECT_EQ(as_json(result_of({accepted(Format::simple_signing, nullptr)})), "[" + sig_entry("null") + "]");
  EXPECT_EQ(as_json(result_of({accepted(Format::bundle, nullptr)})), "[" + bundle_entry("{}") + "]");
  EXPECT_EQ(as_json(result_of({accepted(Format::bundle, prod)})),
            "[" + bundle_entry(R"({"env":"prod"})") + "]");
}

TEST(VerifyRender, OptionalIsSorted) {
  const json::Object unsorted{{"b", "2"}, {"a", json::Object{{"z", 1}}}};
  EXPECT_EQ(as_json(result_of({accepted(Format::simple_signing, unsorted)})),
            "[" + sig_entry(R"({"a":{"z":1},"b":"2"})") + "]");
}

TEST(VerifyRender, ABundleBesideItsSigIsOneEntry) {
  EXPECT_EQ(as_json(result_of({accepted(Format::simple_signing, prod), accepted(Format::bundle, prod)})),
            "[" + sig_entry(R"({"env":"prod"})") + "]");
  EXPECT_EQ(as_json(result_of(
                {accepted(Format::simple_signing, nullptr), accepted(Format::bundle, json::Object{})})),
            "[" + sig_entry("null") + "]")
      << "null and {} both claim nothing";
}

TEST(VerifyRender, OtherKeysOrAnnotationsAreOtherEntries) {
  const auto entries = [](Candidate second) {
    return shown(result_of({accepted(Format::simple_signing, prod), std::move(second)})).size();
  };
  EXPECT_EQ(entries(accepted(Format::bundle, nullptr)), 2u);
  EXPECT_EQ(entries(accepted(Format::bundle, prod, "sha256:other")), 2u);
  EXPECT_EQ(entries(accepted(Format::simple_signing, prod)), 2u) << "two layers are two, as in the real one";
}

TEST(VerifyRender, WhatWasRefusedIsNotShown) {
  EXPECT_EQ(as_json(result_of({refused(), accepted(Format::simple_signing, nullptr)})),
            "[" + sig_entry("null") + "]");
}

// A payload is printed as it was signed, whoever wrote it.
TEST(VerifyRender, TextIsALineEach) {
  Candidate sig = accepted(Format::simple_signing, nullptr);
  sig.stored.bundle->content = sigstore::bundle::SimpleSigningContent{R"({ "critical" : {} })"};
  EXPECT_EQ(as_text(result_of({sig, accepted(Format::bundle, prod)})),
            "{ \"critical\" : {} }\n" + bundle_entry(R"({"env":"prod"})") + "\n");
}

// cosign.md 2l.11; compared with what 2.6.5 and 3.1.2 print for a layer with both.
TEST(VerifyRender, ALayersEvidenceStandsAmongTheAnnotations) {
  Candidate sig = accepted(Format::simple_signing, prod);
  auto& evidence = sig.stored.bundle->evidence;
  sigstore::tlog::Entry logged;
  logged.log_index = 123;
  logged.log_id = {0xaa};
  logged.integrated_time = 1700000000;
  logged.signed_entry_timestamp = sigstore::to_bytes("set");
  logged.body = "{}";
  evidence.tlog_entries = {logged};
  evidence.timestamps = {sigstore::to_bytes("ts")};
  const std::string both =
      R"({"Bundle":{"SignedEntryTimestamp":"c2V0","Payload":{"body":"e30=","integratedTime":1700000000,"logIndex":123,"logID":"aa"}},)"
      R"("RFC3161Timestamp":{"SignedRFC3161Timestamp":"dHM="},"env":"prod"})";
  EXPECT_EQ(as_json(result_of({sig})), "[" + sig_entry(both) + "]");
  sig.verdict.claims.optional = nullptr;
  evidence.tlog_entries[0].signed_entry_timestamp.clear();  // such an entry has no place in the old form
  EXPECT_EQ(as_json(result_of({sig})),
            "[" + sig_entry(R"({"RFC3161Timestamp":{"SignedRFC3161Timestamp":"dHM="}})") + "]");
}

// cosign.md 5.5: only checks that happened.
TEST(VerifyRender, OfSeveralKeysThoseThatSignedAreNamed) {
  auto result =
      result_of({accepted(Format::simple_signing, nullptr), accepted(Format::bundle, prod, "sha256:l"),
                 accepted(Format::bundle, nullptr), refused()});
  result.candidates[1].verdict.key_name = "l.pub";
  EXPECT_EQ(signing_keys(result), (std::vector<std::string>{"sha256:k", "l.pub (sha256:l)"}));
  result.several_keys = true;
  result.threshold = 2;
  const auto lines = header(result);
  ASSERT_GE(lines.size(), 5u);
  EXPECT_EQ(
      (std::vector<std::string>(lines.end() - 5, lines.end())),
      (std::vector<std::string>{"  - The signatures were verified against one of the specified public keys",
                                "  - Signatures by 2 different keys were demanded",
                                "Keys that signed:", "  - sha256:k", "  - l.pub (sha256:l)"}));
}

TEST(VerifyRender, TheHeaderClaimsWhatWasChecked) {
  const std::string first = "Verification for r.example/app:1 --";
  const std::string intro = "The following checks were performed on each of these signatures:";
  const std::string claims = "  - The cosign claims were validated";
  const std::string key = "  - The signatures were verified against the specified public key";
  Candidate plain = accepted(Format::simple_signing, prod);
  EXPECT_EQ(header(result_of({plain})), (std::vector<std::string>{"", first, intro, claims, key}));
  Candidate all = plain;
  for (auto& check : all.verdict.checks) check.status = Status::passed;
  EXPECT_EQ(header(result_of({all})),
            (std::vector<std::string>{
                "", first, intro, "  - The specified annotations were verified.", claims,
                "  - Existence of the claims in the transparency log was verified offline", key}));
  EXPECT_EQ(header(result_of({all, plain})), (std::vector<std::string>{"", first, intro, claims, key}))
      << "on each of these signatures";
  Candidate unchecked = plain;
  unchecked.verdict.checks[3].status = Status::skipped;
  EXPECT_EQ(header(result_of({unchecked})), (std::vector<std::string>{"", first, intro, key}));
}

// --- signed by certificate

Candidate by_certificate(Format format, const std::string& who = "https://github.com/o/r/.github/w.yml@main",
                         const json::Value& optional = nullptr) {
  Candidate out = accepted(format, optional, "sha256:" + who);
  for (const char* id : {"time", "certificate", "sct", "identity"})
    out.verdict.checks.push_back({id, "", Status::passed, "", "", ""});
  for (auto& check : out.verdict.checks)
    if (check.id == "log") check.status = Status::passed;
  out.verdict.identity = sigstore::verify::CertificateIdentity{
      {{sigstore::crypto::x509::GeneralName::Kind::uri, who}},
      "https://issuer.example",
      {{"githubWorkflowRef", "refs/heads/main"}, {"sourceRepositoryURI", "https://github.com/o/r"}}};
  return out;
}

// The names and numbers of the real one.
TEST(VerifyRender, TheSignerStandsAmongTheAnnotations) {
  const std::string signer =
      R"("1.3.6.1.4.1.57264.1.1":"https://issuer.example","1.3.6.1.4.1.57264.1.6":"refs/heads/main",)"
      R"("Issuer":"https://issuer.example","Subject":"https://github.com/o/r/.github/w.yml@main")";
  const std::string after = R"("githubWorkflowRef":"refs/heads/main"})";
  EXPECT_EQ(as_json(result_of({by_certificate(Format::simple_signing)})),
            "[" + sig_entry("{" + signer + "," + after) + "]");
  EXPECT_EQ(as_json(result_of({by_certificate(Format::bundle)})),
            "[" + bundle_entry("{" + signer + "," + after) + "]");
  // What a signer claims does not stand in for whom their certificate names.
  const json::Object lie{{"Subject", "somebody else"}, {"env", "prod"}};
  EXPECT_EQ(
      as_json(result_of({by_certificate(Format::bundle, "https://github.com/o/r/.github/w.yml@main", lie)})),
      "[" + bundle_entry("{" + signer + R"(,"env":"prod",)" + after) + "]");
}

TEST(VerifyRender, TextNamesEachCertificate) {
  EXPECT_EQ(certificate_lines(result_of({by_certificate(Format::bundle), accepted(Format::bundle, prod)})),
            (std::vector<std::string>{"Certificate subject: https://github.com/o/r/.github/w.yml@main",
                                      "Certificate issuer URL: https://issuer.example",
                                      "GitHub Workflow Ref: refs/heads/main"}));
}

TEST(VerifyRender, TheHeaderNamesWhoSigned) {
  const std::vector<std::string> expected{
      "",
      "Verification for r.example/app:1 --",
      "The following checks were performed on each of these signatures:",
      "  - The cosign claims were validated",
      "  - Existence of the claims in the transparency log was verified offline",
      "  - The time of the signatures was verified",
      "  - The code-signing certificate was verified using trusted certificate authority certificates",
      "  - Existence of the certificates in a certificate log was verified offline",
      "  - The identity of the signer was verified",
      "Who signed:",
      "  - a@example.com (issuer https://issuer.example)"};
  EXPECT_EQ(header(result_of({by_certificate(Format::bundle, "a@example.com"),
                              by_certificate(Format::bundle, "a@example.com", prod)})),
            expected);
  const std::vector<std::string> elsewhere(expected.begin(), expected.end() - 2);  // -o text
  EXPECT_EQ(header(result_of({by_certificate(Format::bundle, "a@example.com")}), false), elsewhere);
}

TEST(VerifyRender, ASignerIsShownWithAllNames) {
  sigstore::verify::CertificateIdentity who;
  EXPECT_EQ(signer_text(who), "nobody by name");
  who.subjects = {{sigstore::crypto::x509::GeneralName::Kind::email, "a@b"},
                  {sigstore::crypto::x509::GeneralName::Kind::dns, "b.example"}};
  EXPECT_EQ(signer_text(who), "a@b, b.example");
  who.issuer = "i";
  EXPECT_EQ(signer_text(who), "a@b, b.example (issuer i)");
}

}  // namespace
}  // namespace cosign
