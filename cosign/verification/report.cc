#include "cosign/verification/report.h"

#include <algorithm>

#include "sigstore/codec/error_json.h"
#include "sigstore/codec/hex.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/hash.h"

namespace cosign {
namespace {

namespace json = sigstore::codec::json;
using sigstore::check::Candidate;
using sigstore::check::ImageResult;
using sigstore::verify::Check;
using sigstore::verify::Status;

constexpr int version = 1;  // of docs/formats/verify-report.md

std::string_view text(Status status) {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::skipped:
      return "skipped";
  }
  return "skipped";
}

// Members with nothing in them are left out.
void set_text(json::Object& object, const char* key, const std::string& value) {
  if (!value.empty()) object.set(key, value);
}

json::Value render(const Check& check) {
  json::Object object{{"id", check.id}, {"status", text(check.status)}};
  set_text(object, "clause", check.clause);
  set_text(object, "expected", check.expected);
  set_text(object, "found", check.found);
  set_text(object, "detail", check.detail);
  if (check.code) object.set("code", sigstore::name(*check.code));
  return object;
}

bool signature_verified(const Candidate& candidate) {
  return std::ranges::any_of(candidate.verdict.checks, [](const Check& c) {
    return c.id == "signature" && c.status == Status::passed;
  });
}

json::Object claims(const Candidate& candidate) {
  const auto& claimed = candidate.verdict.claims;
  json::Object object;
  set_text(object, "type", claimed.type);
  if (claimed.digest) object.set("digest", claimed.digest->text());
  set_text(object, "dockerReference", claimed.docker_reference);
  object.set("annotations", claimed.optional);
  return object;
}

json::Value identity(const sigstore::verify::CertificateIdentity& who) {
  json::Array subjects;
  for (const auto& name : who.subjects)
    subjects.push_back(
        json::Object{{"kind", sigstore::crypto::x509::name(name.kind)}, {"value", name.value}});
  json::Object object{{"subjects", std::move(subjects)}};
  set_text(object, "issuer", who.issuer);
  json::Object extensions;
  for (const auto& [name, text] : who.extensions) extensions.set(name, text);
  if (!extensions.empty()) object.set("extensions", std::move(extensions));
  return object;
}

json::Value certificate(const sigstore::crypto::x509::Certificate& one) {
  return json::Object{{"sha256", sigstore::codec::hex::encode(sigstore::crypto::sha256(one.der()))},
                      {"serial", sigstore::codec::hex::encode(one.serial())},
                      {"issuedBy", one.issuer_text()},
                      {"notBefore", sigstore::codec::rfc3339::seconds(one.validity().not_before)},
                      {"notAfter", sigstore::codec::rfc3339::seconds(one.validity().not_after)}};
}

// What was proven.
json::Object verified(const Candidate& candidate) {
  const auto& verdict = candidate.verdict;
  json::Object object{{"key", verdict.key_fingerprint.value_or("")}};
  set_text(object, "keyName", verdict.key_name);
  if (verdict.scheme) object.set("algorithm", sigstore::crypto::name(*verdict.scheme));
  if (verdict.identity) object.set("identity", identity(*verdict.identity));
  if (verdict.certificate) object.set("certificate", certificate(*verdict.certificate));
  json::Array times;
  for (const sigstore::Time time : verdict.times) times.emplace_back(sigstore::codec::rfc3339::seconds(time));
  if (!times.empty()) object.set("times", std::move(times));
  object.set("claims", claims(candidate));
  return object;
}

// Facts that were checked stand apart from what the candidate merely says.
json::Value render(const Candidate& candidate) {
  json::Object object{{"format", sigstore::store::name(candidate.stored.format)},
                      {"location", candidate.stored.location},
                      {"digest", candidate.stored.digest.text()},
                      {"accepted", candidate.verdict.accepted()}};
  if (!candidate.stored.bundle) {
    object.set("error", sigstore::codec::error_json(candidate.stored.bundle.error()));
    return object;
  }
  if (signature_verified(candidate)) {
    object.set("verified", verified(candidate));
  } else {
    json::Object claimed = claims(candidate);
    if (!candidate.stored.bundle->key.hint.empty())
      claimed.set("key", sigstore::bundle::hint_as_fingerprint(candidate.stored.bundle->key.hint));
    object.set("unverifiedClaims", std::move(claimed));
  }
  json::Array checks;
  for (const Check& check : candidate.verdict.checks) checks.push_back(render(check));
  object.set("checks", std::move(checks));
  return object;
}

// How many different keys were demanded, and which there are.
json::Value threshold(const ImageResult& result) {
  json::Array keys;
  for (const auto& [id, name] : sigstore::check::accepted_keys(result.candidates)) keys.emplace_back(id);
  return json::Object{{"demanded", static_cast<std::uint64_t>(result.threshold)}, {"keys", std::move(keys)}};
}

// `what` it is: "image", "blob".
json::Value render(const ImageResult& result, const char* what) {
  json::Object object{{what, result.typed}};
  if (result.reference) object.set("reference", result.reference->text());
  if (result.digest) object.set("digest", result.digest->text());
  object.set("accepted", result.accepted());
  object.set("reason", sigstore::check::name(result.reason));
  if (result.error) object.set("error", sigstore::codec::error_json(*result.error));
  if (result.threshold > 1) object.set("threshold", threshold(result));
  json::Array candidates, notes, children;
  for (const Candidate& candidate : result.candidates) candidates.push_back(render(candidate));
  for (const std::string& note : result.notes) notes.emplace_back(note);
  for (const ImageResult& child : result.children) children.push_back(render(child, what));
  object.set("candidates", std::move(candidates));
  if (!notes.empty()) object.set("notes", std::move(notes));
  if (!children.empty()) object.set("children", std::move(children));
  return object;
}

std::string of_no_run(const sigstore::Error& error, const char* things) {
  return json::write_indented(json::Object{{"version", version},
                                           {"accepted", false},
                                           {"error", sigstore::codec::error_json(error)},
                                           {things, json::Array{}}},
                              2);
}

}  // namespace

std::string as_report(const std::vector<ImageResult>& results) {
  json::Array images;
  for (const ImageResult& result : results) images.push_back(render(result, "image"));
  const bool accepted = std::ranges::all_of(results, &ImageResult::accepted);
  return json::write_indented(
      json::Object{{"version", version}, {"accepted", accepted}, {"images", std::move(images)}}, 2);
}

std::string as_blob_report(const ImageResult& result) {
  return json::write_indented(json::Object{{"version", version},
                                           {"accepted", result.accepted()},
                                           {"blobs", json::Array{render(result, "blob")}}},
                              2);
}

std::string as_report(const sigstore::Error& error) {
  return of_no_run(error, "images");
}

std::string as_blob_report(const sigstore::Error& error) {
  return of_no_run(error, "blobs");
}

}  // namespace cosign
