#include "sigstore/check/pipeline.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "sigstore/base/parallel.h"
#include "sigstore/check/ask.h"
#include "sigstore/check/explain.h"

namespace sigstore::check {
namespace {

constexpr std::size_t most_children = 32;

void refuse(ImageResult& result, Reason reason, Error error) {
  result.reason = reason;
  result.error = std::move(error);
}

void refuse_unresolved(ImageResult& result, Error error) {
  const bool absent = error.code == Code::not_found;
  refuse(result, absent ? Reason::image_not_found : Reason::lookup_failed, std::move(error));
}

// Fills in the digest: as typed, or what the registry says.
void resolve(ImageResult& result, remote::Registry& registry) {
  result.digest = result.reference->digest;
  if (result.digest) return;
  auto descriptor = registry.resolve(*result.reference);
  if (descriptor)
    result.digest = descriptor->digest;
  else
    refuse_unresolved(result, descriptor.error());
}

void tell_demands(ImageResult& result, const Options& options) {
  result.several_keys = options.material.keys.size() > 1;
  result.threshold = options.threshold;
}

ImageResult read_reference(const std::string& image) {
  ImageResult result;
  result.typed = image;
  auto reference = oci::Reference::parse(image);
  if (reference)
    result.reference = std::move(*reference);
  else
    refuse(result, Reason::invalid, reference.error());
  return result;
}

// No candidate passed, and every store could be asked.
void decide_without_match(ImageResult& result, remote::Registry& registry, const Options& options) {
  Explanation why = explain(result.typed, result.candidates, options);
  if (result.candidates.empty() && result.reference->digest) {
    const auto image = registry.resolve(*result.reference);
    if (!image) return refuse_unresolved(result, image.error());
  }
  refuse(result, why.reason, std::move(why.error));
}

// From what the stores found.
void decide(ImageResult& result, std::vector<Findings> all, remote::Registry& registry,
            const Options& options) {
  std::optional<Error> failed;
  for (Findings& found : all) {
    std::move(found.candidates.begin(), found.candidates.end(), std::back_inserter(result.candidates));
    std::move(found.notes.begin(), found.notes.end(), std::back_inserter(result.notes));
    if (found.error && !failed) failed = std::move(found.error);
  }
  if (enough_accepted(result.candidates, options)) {
    if (failed) result.notes.push_back("not every place could be asked: " + failed->text());
  } else if (failed) {
    if (!result.candidates.empty())
      result.notes.push_back("of what could be asked: " +
                             explain(result.typed, result.candidates, options).error.text());
    refuse(result, Reason::lookup_failed, std::move(*failed));
  } else {
    decide_without_match(result, registry, options);
  }
}

// Those that are not refused yet: first all are resolved, then the stores are asked about all, then each is
// decided.
void check_references(std::vector<ImageResult>& results, remote::Registry& registry, const Stores& stores,
                      const Options& options) {
  std::vector<std::unique_ptr<Question>> questions(results.size());
  parallel(results.size(), options.max_workers, [&](std::size_t i) {
    ImageResult& result = results[i];
    tell_demands(result, options);
    if (result.accepted()) resolve(result, registry);
    if (!result.accepted()) return;
    const auto& repository = options.repository ? *options.repository : result.reference->repository;
    questions[i] =
        std::make_unique<Question>(stores, result.reference->repository, repository, *result.digest, options);
  });
  ask_all(questions, stores, options);
  parallel(results.size(), options.max_workers, [&](std::size_t i) {
    if (questions[i]) decide(results[i], questions[i]->take(), registry, options);
  });
}

// The children of an index that did not pass: often they are what was signed.
void check_children(ImageResult& parent, remote::Registry& registry, const Stores& stores,
                    const Options& options) {
  if (parent.reason != Reason::no_signature && parent.reason != Reason::no_match) return;
  const auto& repository = parent.reference->repository;
  const auto content = registry.manifest(repository, parent.digest->text());
  if (content && !oci::is_index(content->descriptor.media_type)) return;
  const auto index = content ? oci::Index::parse(content->bytes) : std::unexpected(content.error());
  if (!index) {
    parent.notes.push_back("whether it has children was not found out: " + index.error().text());
    return;
  }
  const std::size_t all = index->manifests.size();
  parent.children.resize(std::min(all, most_children));
  if (all > most_children)
    parent.notes.push_back("only " + std::to_string(most_children) + " of its " + std::to_string(all) +
                           " children were looked at");
  for (std::size_t i = 0; i < parent.children.size(); ++i) {
    ImageResult& child = parent.children[i];
    child.reference = *parent.reference;
    child.reference->digest = index->manifests[i].digest;
    child.typed = oci::digest_reference(repository, index->manifests[i].digest);
  }
  check_references(parent.children, registry, stores, options);
  const auto passed = std::ranges::count_if(parent.children, &ImageResult::accepted);
  if (passed != 0)
    parent.notes.push_back(std::to_string(passed) + " of its " + std::to_string(all) + " children " +
                           (options.requirements.wanted == verify::Wanted::attestation
                                ? "have what was asked for"
                                : "are signed"));
}

}  // namespace

const char* name(Reason reason) {
  switch (reason) {
    case Reason::accepted:
      return "accepted";
    case Reason::no_signature:
      return "no_signature";
    case Reason::image_not_found:
      return "image_not_found";
    case Reason::blob_not_found:
      return "blob_not_found";
    case Reason::no_match:
      return "no_match";
    case Reason::lookup_failed:
      return "lookup_failed";
    case Reason::not_judged:
      return "not_judged";
    case Reason::invalid:
      return "invalid";
  }
  return "invalid";
}

std::vector<std::pair<std::string, std::string>> accepted_keys(const std::vector<Candidate>& candidates) {
  std::vector<std::pair<std::string, std::string>> keys;
  for (const Candidate& candidate : candidates) {
    const std::string id = candidate.verdict.signer();
    if (!candidate.verdict.accepted() || id.empty()) continue;
    if (std::ranges::none_of(keys, [&](const auto& key) { return key.first == id; }))
      keys.emplace_back(id, candidate.verdict.key_name);
  }
  return keys;
}

std::vector<ImageResult> check_images(remote::Registry& registry, const Stores& stores,
                                      const std::vector<std::string>& images, const Options& options) {
  std::vector<ImageResult> results;
  for (const std::string& image : images) results.push_back(read_reference(image));
  check_references(results, registry, stores, options);
  if (options.children)
    for (ImageResult& result : results) check_children(result, registry, stores, options);
  return results;
}

ImageResult resolve_image(remote::Registry& registry, const std::string& image) {
  ImageResult result = read_reference(image);
  if (result.accepted()) resolve(result, registry);
  return result;
}

ImageResult check_candidates(ImageResult result, std::vector<store::Stored> candidates,
                             const Options& options) {
  verify::Requirements requirements = options.requirements;
  requirements.subject = *result.digest;
  if (result.reference) requirements.repository = result.reference->repository;
  tell_demands(result, options);
  result.candidates = judge_all(std::move(candidates), options, requirements);
  if (enough_accepted(result.candidates, options)) return result;
  Explanation why = explain(result.typed, result.candidates, options);
  refuse(result, why.reason, std::move(why.error));
  return result;
}

}  // namespace sigstore::check
