#include "sigstore/check/blob.h"

#include <algorithm>

#include "sigstore/check/explain.h"
#include "sigstore/check/logged.h"
#include "sigstore/check/parties.h"
#include "sigstore/codec/hex.h"

namespace sigstore::check {
namespace {

Result<crypto::PassingMessage> pass(const std::vector<store::Stored>& candidates, const Options& options,
                                    const ReadMessage& read) {
  crypto::PassingMessage message;
  message.expect(crypto::HashAlgorithm::sha256);  // for the report
  for (const store::Stored& candidate : candidates)
    if (candidate.bundle) verify::expect(message, *candidate.bundle, options.material);
  TRY_OK(read(message));
  message.finish();
  return message;
}

std::optional<oci::Digest> sha256_of(const crypto::PassingMessage& message) {
  const Bytes* digest = message.digest(crypto::HashAlgorithm::sha256);
  if (digest == nullptr) return std::nullopt;
  return *oci::Digest::parse("sha256:" + codec::hex::encode(*digest));
}

bool says_signature(const bundle::EnvelopeContent& content) {
  const auto statement = payload::Statement::parse(content.payload);
  return statement && statement->predicate_type == payload::cosign_sign_predicate;
}

// Of a statement the file must be a subject, whatever it says of it. One that is a signature is named so.
verify::Verdict judge(const bundle::Bundle& bundle, const verify::TrustedMaterial& material,
                      const verify::Requirements& requirements, const crypto::PassingMessage& message) {
  if (!std::holds_alternative<bundle::EnvelopeContent>(bundle.content))
    return verify::judge(bundle, material, requirements, &message);
  verify::Requirements said = requirements;
  said.wanted = verify::Wanted::attestation;
  said.digests = verify::digests_of(message);
  said.predicate_types.clear();
  if (says_signature(std::get<bundle::EnvelopeContent>(bundle.content)))
    said.predicate_types.emplace_back(payload::cosign_sign_predicate);
  return verify::judge(bundle, material, said);
}

void refuse(ImageResult& result, Reason reason, Error error) {
  result.reason = reason;
  result.error = std::move(error);
}

void refuse_unread(ImageResult& result, const Error& error) {
  refuse(result, error.code == Code::not_found ? Reason::blob_not_found : Reason::lookup_failed, error);
}

}  // namespace

ImageResult check_message(const std::string& name, std::vector<store::Stored> candidates,
                          const Options& options, const ReadMessage& read) {
  ImageResult result;
  result.typed = name;
  result.several_keys = options.material.keys.size() > 1;
  result.threshold = options.threshold;
  const auto message = pass(candidates, options, read);
  for (store::Stored& stored : candidates) result.candidates.push_back({std::move(stored), {}});
  if (!message) {
    refuse_unread(result, message.error());
    return result;
  }
  result.digest = sha256_of(*message);
  verify::Requirements requirements = options.requirements;
  requirements.wanted = verify::Wanted::message;
  if (result.digest) requirements.subject = *result.digest;
  const Bytes* sha256 = message->digest(crypto::HashAlgorithm::sha256);
  const JudgeWith judge_message = [&](const bundle::Bundle& bundle, const verify::TrustedMaterial& material,
                                      const verify::Requirements& required) {
    return judge(bundle, material, required, *message);
  };
  for (Candidate& candidate : result.candidates)
    if (candidate.stored.bundle)
      candidate.verdict = judge_logged(
          candidate.stored, options, requirements, sha256 != nullptr ? *sha256 : Bytes(),
          [&](const bundle::Bundle& bundle, const verify::Requirements& required) {
            return judge_trusting(bundle, options, required, judge_message, candidate.trust_error);
          });
  const auto refused = std::ranges::find_if_not(
      result.candidates, [](const Candidate& c) { return c.stored.bundle && c.verdict.accepted(); });
  if (refused == result.candidates.end() && !result.candidates.empty()) {
    if (accepted_keys(result.candidates).size() >= options.threshold) return result;
    Explanation few = explain(name, result.candidates, options);
    refuse(result, few.reason, std::move(few.error));
    return result;
  }
  Explanation why =
      explain_message(name, refused == result.candidates.end() ? nullptr : &*refused, options, *message);
  refuse(result, why.reason, std::move(why.error));
  return result;
}

ImageResult check_statements(const std::string& name, std::vector<store::Stored> candidates, Options options,
                             const ReadMessage& read) {
  ImageResult result;
  result.typed = name;
  options.requirements.wanted = verify::Wanted::attestation;
  result.digest = oci::Digest();
  if (read) {
    const auto message = pass(candidates, options, read);
    if (!message) {
      result.digest.reset();
      refuse_unread(result, message.error());
      return result;
    }
    options.requirements.digests = verify::digests_of(*message);
    result.digest = sha256_of(*message).value_or(oci::Digest());
  }
  result = check_candidates(std::move(result), std::move(candidates), options);
  if (result.digest == oci::Digest()) result.digest.reset();
  if (result.reason == Reason::no_signature && !result.error->hint.empty())
    result.error->hint =
        "a signature is checked with `cosign verify-blob`; it does not stand in for an attestation";
  return result;
}

}  // namespace sigstore::check
