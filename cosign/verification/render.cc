#include "cosign/verification/render.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sigstore/bundle/log_entry.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/crypto/x509/fulcio.h"

namespace cosign {
namespace {

namespace fulcio = sigstore::crypto::x509::fulcio;
namespace json = sigstore::codec::json;
using sigstore::check::Candidate;
using sigstore::check::ImageResult;
using sigstore::store::Format;
using sigstore::verify::CertificateIdentity;
using sigstore::verify::Check;
using sigstore::verify::Status;

json::Value sorted(const json::Value& optional) {
  return optional.object() == nullptr ? optional : json::Value(optional.object()->sorted());
}

// Annotations as one comparable value: null and {} are both "none".
json::Object annotations(const Candidate& candidate) {
  const json::Object* object = candidate.verdict.claims.optional.object();
  return object == nullptr ? json::Object{} : object->sorted();
}

bool same_statement(const Candidate& a, const Candidate& b) {
  return a.verdict.key_fingerprint == b.verdict.key_fingerprint && annotations(a) == annotations(b);
}

// What a layer carries besides its payload stands among the annotations, as in the real one, whether or not
// it was checked; the header says what was.
json::Value with_evidence(json::Value optional, const sigstore::bundle::Evidence& evidence) {
  json::Object added;
  if (const auto* logged = sigstore::bundle::with_promise(evidence.tlog_entries))
    added.set("Bundle", sigstore::bundle::old_rekor_bundle(*logged));
  if (!evidence.timestamps.empty())
    added.set("RFC3161Timestamp", json::Object{{"SignedRFC3161Timestamp",
                                                sigstore::codec::base64::encode(evidence.timestamps[0])}});
  if (added.empty()) return optional;
  if (optional.object() == nullptr) optional = json::Object{};
  for (const auto& [key, value] : added.members()) optional.object()->set(key, value);
  return optional;
}

// Fulcio's extensions as the real one prints them, under their names and their numbers; the text alone, for
// -o text, as it calls them there.
struct Printed {
  const fulcio::Extension& extension;
  const char* said;
};
constexpr std::array<Printed, 5> workflow = {{
    {fulcio::workflow_trigger, "GitHub Workflow Trigger"},
    {fulcio::workflow_sha, "GitHub Workflow SHA"},
    {fulcio::workflow_name, "GitHub Workflow Name"},
    {fulcio::workflow_repository, "GitHub Workflow Repository"},
    {fulcio::workflow_ref, "GitHub Workflow Ref"},
}};
const std::string* text_of(const CertificateIdentity& identity, const fulcio::Extension& extension) {
  const auto found = identity.extensions.find(std::string(extension.name));
  return found == identity.extensions.end() ? nullptr : &found->second;
}

std::string subject_of(const CertificateIdentity& identity) {
  return identity.subjects.empty() ? "" : identity.subjects.front().value;
}

// Whom the certificate names; it was verified.
json::Value with_identity(json::Value optional, const std::optional<CertificateIdentity>& identity) {
  if (!identity) return optional;
  if (optional.object() == nullptr) optional = json::Object{};
  json::Object& object = *optional.object();
  object.set("Subject", subject_of(*identity));
  if (!identity->issuer.empty()) {
    object.set("Issuer", identity->issuer);
    object.set(std::string(fulcio::old_issuer.oid), identity->issuer);
  }
  for (const auto& [extension, said] : workflow) {
    const std::string* text = text_of(*identity, extension);
    if (text == nullptr || text->empty()) continue;
    object.set(std::string(extension.name), *text);
    object.set(std::string(extension.oid), *text);
  }
  return optional;
}

json::Value entry(const ImageResult& result, const Candidate& candidate) {
  const auto& claims = candidate.verdict.claims;
  const bool bundle = candidate.stored.format == Format::bundle;
  json::Value optional = claims.optional;
  if (!bundle) optional = with_evidence(std::move(optional), candidate.stored.bundle->evidence);
  if (bundle && optional.object() == nullptr) optional = json::Object{};
  optional = with_identity(std::move(optional), candidate.verdict.identity);
  optional = sorted(optional);
  const std::string reference = bundle ? result.typed : claims.docker_reference;
  const json::Object critical{
      {"identity", json::Object{{"docker-reference", reference}}},
      {"image", json::Object{{"docker-manifest-digest", claims.digest ? claims.digest->text() : ""}}},
      {"type", claims.type}};
  return json::Object{{"critical", critical}, {"optional", optional}};
}

// A payload as it was signed; what a bundle says, in its place.
std::string line(const ImageResult& result, const Candidate& candidate) {
  const auto* payload =
      std::get_if<sigstore::bundle::SimpleSigningContent>(&candidate.stored.bundle->content);
  return payload == nullptr ? json::write(entry(result, candidate)) : payload->payload;
}

bool all_passed(const std::vector<const Candidate*>& entries, std::string_view id) {
  return std::ranges::all_of(entries, [&](const Candidate* candidate) {
    return std::ranges::any_of(candidate->verdict.checks,
                               [&](const Check& c) { return c.id == id && c.status == Status::passed; });
  });
}

}  // namespace

std::vector<const Candidate*> shown(const ImageResult& result) {
  std::vector<const Candidate*> entries;
  for (const Candidate& candidate : result.candidates) {
    if (!candidate.verdict.accepted()) continue;
    const bool repeated =
        candidate.stored.format == Format::bundle &&
        std::ranges::any_of(entries, [&](const Candidate* other) {
          return other->stored.format == Format::simple_signing && same_statement(*other, candidate);
        });
    if (!repeated) entries.push_back(&candidate);
  }
  return entries;
}

std::vector<std::string> signing_keys(const ImageResult& result) {
  std::vector<std::string> keys;
  for (const auto& [id, name] : sigstore::check::accepted_keys(result.candidates))
    keys.push_back(name.empty() ? id : name + " (" + id + ")");
  return keys;
}

std::vector<std::string> signers(const std::vector<const Candidate*>& entries) {
  std::vector<std::string> lines;
  for (const Candidate* candidate : entries) {
    if (!candidate->verdict.identity) continue;
    std::string line = signer_text(*candidate->verdict.identity);
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
  }
  return lines;
}

std::string signer_text(const CertificateIdentity& identity) {
  std::string names;
  for (const auto& name : identity.subjects) names += (names.empty() ? "" : ", ") + name.value;
  return (names.empty() ? "nobody by name" : names) +
         (identity.issuer.empty() ? "" : " (issuer " + identity.issuer + ")");
}

std::vector<std::string> certificate_lines(const ImageResult& result) {
  std::vector<std::string> lines;
  for (const Candidate* candidate : shown(result)) {
    const auto& identity = candidate->verdict.identity;
    if (!identity) continue;
    lines.push_back("Certificate subject: " + subject_of(*identity));
    if (!identity->issuer.empty()) lines.push_back("Certificate issuer URL: " + identity->issuer);
    for (const auto& [extension, said] : workflow)
      if (const std::string* text = text_of(*identity, extension); text != nullptr)
        lines.push_back(std::string(said) + ": " + *text);
  }
  return lines;
}

std::string as_json(const ImageResult& result) {
  json::Array array;
  for (const Candidate* candidate : shown(result)) array.push_back(entry(result, *candidate));
  return json::write(array);
}

std::string as_text(const ImageResult& result) {
  std::string text;
  for (const Candidate* candidate : shown(result)) text += line(result, *candidate) + "\n";
  return text;
}

std::vector<std::string> header(const ImageResult& result, bool names) {
  return header(result, shown(result), names);
}

std::vector<std::string> header(const ImageResult& result, const std::vector<const Candidate*>& entries,
                                bool names) {
  std::vector<std::string> lines{
      "", "Verification for " + (result.reference ? result.reference->text() : result.typed) + " --",
      "The following checks were performed on each of these signatures:"};
  if (all_passed(entries, "annotations")) lines.push_back("  - The specified annotations were verified.");
  if (all_passed(entries, "subject")) lines.push_back("  - The cosign claims were validated");
  if (all_passed(entries, "log"))
    lines.push_back("  - Existence of the claims in the transparency log was verified offline");
  if (all_passed(entries, "time")) lines.push_back("  - The time of the signatures was verified");
  const auto who = signers(entries);
  if (who.empty())
    lines.push_back(result.several_keys
                        ? "  - The signatures were verified against one of the specified public keys"
                        : "  - The signatures were verified against the specified public key");
  if (all_passed(entries, "certificate"))
    lines.push_back(
        "  - The code-signing certificate was verified using trusted certificate authority certificates");
  if (all_passed(entries, "sct"))
    lines.push_back("  - Existence of the certificates in a certificate log was verified offline");
  if (all_passed(entries, "identity")) lines.push_back("  - The identity of the signer was verified");
  if (result.threshold > 1)
    lines.push_back("  - Signatures by " + std::to_string(result.threshold) +
                    " different keys were demanded");
  if (all_passed(entries, "policy")) lines.push_back("  - The policies were satisfied");
  if (names && !who.empty()) {
    lines.emplace_back("Who signed:");
    for (const std::string& name : who) lines.push_back("  - " + name);
  }
  if (!result.several_keys) return lines;
  lines.emplace_back("Keys that signed:");
  for (const std::string& key : signing_keys(result)) lines.push_back("  - " + key);
  return lines;
}

}  // namespace cosign
