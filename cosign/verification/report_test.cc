#include "cosign/verification/report.h"

#include <gtest/gtest.h>

#include "sigstore/payload/simple_signing.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::check::Candidate;
using sigstore::check::ImageResult;
using sigstore::check::Reason;
using sigstore::store::Format;
namespace bundle = sigstore::bundle;
namespace crypto = sigstore::crypto;
namespace oci = sigstore::oci;
namespace payload = sigstore::payload;
namespace verify = sigstore::verify;

const oci::Digest image = oci::Digest::sha256("image");
const oci::Digest stored = oci::Digest::sha256("stored");

const crypto::PublicKey& key() {
  static const auto made = crypto::PrivateKey::generate(crypto::KeyType::ecdsa_p256)->public_key();
  return made;
}

// An image as it stands before anything was decided.
ImageResult image_result(Reason reason = Reason::accepted, const Error& error = {}) {
  ImageResult result;
  result.typed = "r.example/app:1";
  result.reference = *oci::Reference::parse(result.typed);
  result.digest = image;
  result.reason = reason;
  if (reason != Reason::accepted) result.error = error;
  return result;
}

Candidate candidate(Format format, bundle::Content content, std::vector<verify::Check> checks, bool proven) {
  bundle::Bundle made;
  made.content = std::move(content);
  made.key.hint = "my hint";
  Candidate out{{format, stored, "place", std::move(made), {}}, {}};
  out.verdict.checks = std::move(checks);
  out.verdict.claims.type = "a type";
  out.verdict.claims.digest = image;
  out.verdict.claims.docker_reference = "r.example/app";
  out.verdict.claims.optional = sigstore::codec::json::Object{{"env", "prod"}};
  if (!proven) return out;
  out.verdict.key_fingerprint = key().fingerprint();
  out.verdict.key_name = "cosign.pub";
  out.verdict.scheme = crypto::Scheme::ecdsa_sha256;
  return out;
}

// The document is compared as it stands: its members and their order are a promise
// (docs/formats/verify-report.md).

TEST(Report, OfAnAcceptedImage) {
  ImageResult result = image_result();
  result.candidates.push_back(
      candidate(Format::simple_signing, bundle::SimpleSigningContent{"{}"},
                {{"signature", "4.5", verify::Status::passed, "x", "x", ""},
                 {"annotations", "4.6", verify::Status::skipped, "", "", "none are required"}},
                true));
  result.notes.push_back("taken as absent");
  EXPECT_EQ(as_report({result}), R"({
  "version": 1,
  "accepted": true,
  "images": [
    {
      "image": "r.example/app:1",
      "reference": "r.example/app:1",
      "digest": ")" + image.text() + R"(",
      "accepted": true,
      "reason": "accepted",
      "candidates": [
        {
          "format": "sig",
          "location": "place",
          "digest": ")" + stored.text() +
                                     R"(",
          "accepted": true,
          "verified": {
            "key": ")" + key().fingerprint() +
                                     R"(",
            "keyName": "cosign.pub",
            "algorithm": "ecdsa-sha256",
            "claims": {
              "type": "a type",
              "digest": ")" + image.text() +
                                     R"(",
              "dockerReference": "r.example/app",
              "annotations": {
                "env": "prod"
              }
            }
          },
          "checks": [
            {
              "id": "signature",
              "status": "passed",
              "clause": "4.5",
              "expected": "x",
              "found": "x"
            },
            {
              "id": "annotations",
              "status": "skipped",
              "clause": "4.6",
              "detail": "none are required"
            }
          ]
        }
      ],
      "notes": [
        "taken as absent"
      ]
    }
  ]
})");
}

// What a candidate says of itself stands under another name than what was proven.
TEST(Report, OfAnImageThatDidNotPass) {
  ImageResult result =
      image_result(Reason::no_match, {Code::bad_signature, "no matching signatures", "why", "try this"});
  result.candidates.push_back(
      candidate(Format::bundle, bundle::EnvelopeContent{"t", "p"},
                {{"signature", "4.5", verify::Status::failed, "a", "b", "by another key"}}, false));
  result.candidates.push_back(
      {{Format::bundle, stored, "elsewhere", sigstore::fail(Code::too_large, "too large", "5 of 4"), {}},
       {}});
  result.children.push_back(image_result(Reason::lookup_failed, {Code::timeout, "no answer", "", ""}));
  EXPECT_EQ(as_report({result}), R"({
  "version": 1,
  "accepted": false,
  "images": [
    {
      "image": "r.example/app:1",
      "reference": "r.example/app:1",
      "digest": ")" + image.text() + R"(",
      "accepted": false,
      "reason": "no_match",
      "error": {
        "code": "bad_signature",
        "message": "no matching signatures",
        "cause": "why",
        "hint": "try this"
      },
      "candidates": [
        {
          "format": "bundle",
          "location": "place",
          "digest": ")" + stored.text() +
                                     R"(",
          "accepted": false,
          "unverifiedClaims": {
            "type": "a type",
            "digest": ")" + image.text() +
                                     R"(",
            "dockerReference": "r.example/app",
            "annotations": {
              "env": "prod"
            },
            "key": "\"my hint\""
          },
          "checks": [
            {
              "id": "signature",
              "status": "failed",
              "clause": "4.5",
              "expected": "a",
              "found": "b",
              "detail": "by another key"
            }
          ]
        },
        {
          "format": "bundle",
          "location": "elsewhere",
          "digest": ")" + stored.text() +
                                     R"(",
          "accepted": false,
          "error": {
            "code": "too_large",
            "message": "too large",
            "cause": "5 of 4"
          }
        }
      ],
      "children": [
        {
          "image": "r.example/app:1",
          "reference": "r.example/app:1",
          "digest": ")" + image.text() +
                                     R"(",
          "accepted": false,
          "reason": "lookup_failed",
          "error": {
            "code": "timeout",
            "message": "no answer"
          },
          "candidates": []
        }
      ]
    }
  ]
})");
}

TEST(Report, OneFailureMakesTheWholeFail) {
  ImageResult invalid;
  invalid.typed = "UPPER";
  invalid.reason = Reason::invalid;
  invalid.error = Error{Code::malformed, "not an image reference", "", ""};
  const auto report = *sigstore::codec::json::parse(as_report({image_result(), invalid}), "report");
  EXPECT_EQ(*report.get("accepted"), false);
  EXPECT_EQ(report.get("images")->array()->size(), 2u);
  EXPECT_EQ(*(*report.get("images")->array())[0].get("accepted"), true);
  EXPECT_EQ((*report.get("images")->array())[1].get("digest"), nullptr);
}

TEST(Report, OfARunThatCameToNoFile) {
  EXPECT_EQ(as_blob_report(Error{Code::not_found, "no key", "", ""}), R"({
  "version": 1,
  "accepted": false,
  "error": {
    "code": "not_found",
    "message": "no key"
  },
  "blobs": []
})");
}

TEST(Report, OfARunThatCameToNoImage) {
  EXPECT_EQ(as_report(Error{Code::not_found, "no key", "", "make one"}), R"({
  "version": 1,
  "accepted": false,
  "error": {
    "code": "not_found",
    "message": "no key",
    "hint": "make one"
  },
  "images": []
})");
}

// What the registry's content says reaches the document escaped, never as it stands.
TEST(Report, ContentFromOutsideIsEscaped) {
  ImageResult result = image_result();
  result.candidates.push_back(candidate(Format::bundle, bundle::EnvelopeContent{"t", "p"}, {}, false));
  result.candidates.back().verdict.claims.type = "\x1b[2J\"\n\xff";
  EXPECT_NE(as_report({result}).find(R"("type": "\u001b[2J\"\n\ufffd")"), std::string::npos);
}

}  // namespace
}  // namespace cosign
