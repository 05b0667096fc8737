#include "cosign/verification/attestations.h"

#include <algorithm>

#include "cosign/session/print_envelope.h"
#include "cosign/verification/local.h"
#include "cosign/verification/render.h"
#include "cosign/verification/results.h"
#include "sigstore/payload/predicate_type.h"

namespace cosign {
namespace {

using sigstore::Result;
using sigstore::bundle::EnvelopeContent;
using sigstore::check::Candidate;
using sigstore::check::ImageResult;
using sigstore::verify::Check;
using sigstore::verify::Status;

Result<sigstore::check::Options> check_options(Session& session, const AttestationFlags& flags) {
  sigstore::check::Options options;
  options.requirements.wanted = sigstore::verify::Wanted::attestation;
  options.requirements.predicate_types.clear();
  if (!flags.type.empty()) {
    TRY(auto uri, sigstore::payload::predicate_uri(flags.type));
    options.requirements.predicate_types.push_back(std::move(uri));
  }
  TRY(options.policy, flags.policy.open(session));
  TRY_OK(flags.material.apply(session, options));
  options.requirements.check_claims = flags.check_claims;
  TRY(options.repository, session.signature_repository());
  options.max_workers = flags.max_workers;
  options.all_candidates = true;  // whoever reads them wants all of them, wherever they are stored
  options.children = flags.output == "report";
  return options;
}

Result<std::vector<ImageResult>> check(Session& session, const AttestationFlags& flags,
                                       const std::vector<std::string>& images, const std::string& example) {
  TRY_OK(flags.material.check(example));
  TRY(const auto options, check_options(session, flags));
  if (flags.local_image) return check_layouts(*session.env().files, images, options, session.cancel());
  auto& registry = session.registry(flags.registry);
  auto results = sigstore::check::check_images(
      registry, {&session.attestation_store(), &session.referrers_store()}, images, options);
  explain_all(session, results);
  return results;
}

const EnvelopeContent* envelope(const Candidate& candidate) {
  return candidate.stored.bundle ? std::get_if<EnvelopeContent>(&candidate.stored.bundle->content) : nullptr;
}

// It was looked for, and something else than its type is wrong.
bool is_missed(const Candidate& candidate) {
  return !candidate.verdict.accepted() &&
         std::ranges::none_of(candidate.verdict.checks, [](const Check& check) {
           return check.id == "type" && check.status == Status::failed;
         });
}

std::string why(const Candidate& candidate) {
  if (!candidate.stored.bundle) return candidate.stored.bundle.error().text();
  const Check* failure = candidate.verdict.first_failure();
  return failure == nullptr ? "it was not judged" : failure->detail;
}

void print_accepted(Session& session, const ImageResult& result) {
  const auto entries = shown_attestations(result);
  session.notes(attestation_header(result, entries));
  session.remarks(result.notes);
  session.remarks(passed_over(result));
  for (const Candidate* candidate : entries) print_envelope(session, *candidate->stored.bundle);
}

}  // namespace

std::vector<const Candidate*> shown_attestations(const ImageResult& result) {
  std::vector<const Candidate*> entries;
  for (const Candidate& candidate : result.candidates) {
    if (!candidate.verdict.accepted()) continue;
    const bool repeated = std::ranges::any_of(entries, [&](const Candidate* other) {
      return other->verdict.key_fingerprint == candidate.verdict.key_fingerprint &&
             envelope(*other)->payload == envelope(candidate)->payload;
    });
    if (!repeated) entries.push_back(&candidate);
  }
  return entries;
}

std::vector<std::string> attestation_header(const ImageResult& result,
                                            const std::vector<const Candidate*>& entries) {
  auto lines = header(result, entries);
  lines.emplace_back("What was verified:");
  for (const Candidate* candidate : entries)
    lines.push_back("  - " + candidate->verdict.claims.type + " in " + candidate->stored.location);
  return lines;
}

std::vector<std::string> passed_over(const ImageResult& result) {
  std::vector<std::string> lines;
  for (const Candidate& candidate : result.candidates) {
    if (!is_missed(candidate)) continue;
    std::string place = candidate.stored.location;
    if (!place.ends_with(candidate.stored.digest.text()))
      place += " (" + candidate.stored.digest.text() + ")";
    lines.push_back("the attestation in " + place + " does not count: " + why(candidate));
  }
  return lines;
}

Result<int> verify_attestations(Session& session, const AttestationFlags& flags,
                                const std::vector<std::string>& images, const std::string& example) {
  return print_results(session, check(session, flags, images, example), flags.output == "report",
                       [&](const ImageResult& result) { print_accepted(session, result); });
}

}  // namespace cosign
