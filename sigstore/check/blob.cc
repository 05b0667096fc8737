#include "sigstore/check/blob.h"

#include <algorithm>

#include "sigstore/check/explain.h"
#include "sigstore/codec/hex.h"

namespace sigstore::check {
namespace {

Result<crypto::PassingMessage> pass(const std::vector<Candidate>& candidates, const Options& options,
                                    const ReadMessage& read) {
  crypto::PassingMessage message;
  message.expect(crypto::HashAlgorithm::sha256);  // for the report
  for (const Candidate& candidate : candidates)
    if (candidate.stored.bundle) verify::expect(message, *candidate.stored.bundle, options.material);
  TRY_OK(read(message));
  message.finish();
  return message;
}

std::optional<oci::Digest> sha256_of(const crypto::PassingMessage& message) {
  const Bytes* digest = message.digest(crypto::HashAlgorithm::sha256);
  if (digest == nullptr) return std::nullopt;
  return *oci::Digest::parse("sha256:" + codec::hex::encode(*digest));
}

void refuse(ImageResult& result, Reason reason, Error error) {
  result.reason = reason;
  result.error = std::move(error);
}

}  // namespace

ImageResult check_message(const std::string& name, std::vector<store::Stored> candidates,
                          const Options& options, const ReadMessage& read) {
  ImageResult result;
  result.typed = name;
  for (store::Stored& stored : candidates) result.candidates.push_back({std::move(stored), {}});
  const auto message = pass(result.candidates, options, read);
  if (!message) {
    const bool absent = message.error().code == Code::not_found;
    refuse(result, absent ? Reason::blob_not_found : Reason::lookup_failed, message.error());
    return result;
  }
  result.digest = sha256_of(*message);
  verify::Requirements requirements = options.requirements;
  requirements.wanted = verify::Wanted::message;
  if (result.digest) requirements.subject = *result.digest;
  for (Candidate& candidate : result.candidates)
    if (candidate.stored.bundle)
      candidate.verdict = verify::judge(*candidate.stored.bundle, options.material, requirements, &*message);
  const auto refused = std::ranges::find_if_not(
      result.candidates, [](const Candidate& c) { return c.stored.bundle && c.verdict.accepted(); });
  if (refused == result.candidates.end() && !result.candidates.empty()) return result;
  Explanation why =
      explain_message(name, refused == result.candidates.end() ? nullptr : &*refused, options, *message);
  refuse(result, why.reason, std::move(why.error));
  return result;
}

}  // namespace sigstore::check
