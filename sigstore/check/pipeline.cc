#include "sigstore/check/pipeline.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "sigstore/base/parallel.h"
#include "sigstore/check/explain.h"

namespace sigstore::check {
namespace {

constexpr std::size_t most_children = 32;

// What one store found, judged.
struct Findings {
  std::vector<Candidate> candidates;
  std::vector<std::string> notes;
  std::optional<Error> error;
};

bool any_accepted(const std::vector<Candidate>& candidates) {
  return std::ranges::any_of(candidates, [](const Candidate& c) { return c.verdict.accepted(); });
}

std::vector<Candidate> judge_all(std::vector<store::Stored> entries, const Options& options,
                                 const verify::Requirements& requirements) {
  std::vector<Candidate> candidates;
  for (store::Stored& entry : entries) {
    verify::Verdict verdict;
    if (entry.bundle) verdict = verify::judge(*entry.bundle, options.material, requirements);
    candidates.push_back({std::move(entry), std::move(verdict)});
  }
  return candidates;
}

// Lets a later store wait until the stores before it have decided.
class Decisions {
 public:
  explicit Decisions(std::size_t stores) : finished_(stores, false) {}

  void finish(std::size_t store, bool accepted) {
    const std::lock_guard lock(mutex_);
    finished_[store] = true;
    accepted_ = accepted_ || accepted;
    changed_.notify_all();
  }

  // Whether anything is left to find out once all stores before `store` are through.
  bool undecided_before(std::size_t store) {
    std::unique_lock lock(mutex_);
    const auto end = finished_.begin() + static_cast<std::ptrdiff_t>(store);
    changed_.wait(lock,
                  [&] { return accepted_ || std::all_of(finished_.begin(), end, [](bool b) { return b; }); });
    return !accepted_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> finished_;
  bool accepted_ = false;
};

Findings ask(store::ArtifactStore& store, const oci::Repository& repository,
             const verify::Requirements& requirements, const Options& options, std::function<bool()> go_on) {
  Findings found;
  store::ListOptions list;
  list.go_on = std::move(go_on);
  auto listing = store.list(repository, requirements.subject, list);
  if (!listing) {
    found.error = std::move(listing).error();
    return found;
  }
  found.notes = std::move(listing->notes);
  if (listing->truncated)
    found.notes.push_back("there are more entries than are looked at; the rest was left out");
  found.candidates = judge_all(std::move(listing->entries), options, requirements);
  return found;
}

// All stores at once; a later one stops after its first question when an earlier one has decided.
std::vector<Findings> ask_all(const Stores& stores, const oci::Repository& repository,
                              const verify::Requirements& requirements, const Options& options) {
  std::vector<Findings> found(stores.size());
  Decisions decisions(stores.size());
  parallel(stores.size(), static_cast<int>(stores.size()), [&](std::size_t i) {
    std::function<bool()> go_on;
    if (!options.all_candidates && i > 0) go_on = [&decisions, i] { return decisions.undecided_before(i); };
    found[i] = ask(*stores[i], repository, requirements, options, std::move(go_on));
    decisions.finish(i, any_accepted(found[i].candidates));
  });
  return found;
}

void refuse(ImageResult& result, Reason reason, Error error) {
  result.reason = reason;
  result.error = std::move(error);
}

// No candidate passed, and every store could be asked.
void decide_without_match(ImageResult& result, remote::Registry& registry, const Options& options) {
  Explanation why = explain(result.typed, result.candidates, options);
  if (result.candidates.empty() && result.reference->digest) {
    const auto image = registry.resolve(*result.reference);
    if (!image) {
      const bool absent = image.error().code == Code::not_found;
      return refuse(result, absent ? Reason::image_not_found : Reason::lookup_failed, image.error());
    }
  }
  refuse(result, why.reason, std::move(why.error));
}

void check_digest(ImageResult& result, remote::Registry& registry, const Stores& stores,
                  const Options& options) {
  verify::Requirements requirements = options.requirements;
  requirements.subject = *result.digest;
  const oci::Repository& repository = options.repository ? *options.repository : result.reference->repository;
  std::optional<Error> failed;
  for (Findings& found : ask_all(stores, repository, requirements, options)) {
    std::move(found.candidates.begin(), found.candidates.end(), std::back_inserter(result.candidates));
    std::move(found.notes.begin(), found.notes.end(), std::back_inserter(result.notes));
    if (found.error && !failed) failed = std::move(found.error);
  }
  if (any_accepted(result.candidates)) {
    if (failed) result.notes.push_back("not every place could be asked: " + failed->text());
  } else if (failed) {
    refuse(result, Reason::lookup_failed, std::move(*failed));
  } else {
    decide_without_match(result, registry, options);
  }
}

ImageResult check_reference(ImageResult result, remote::Registry& registry, const Stores& stores,
                            const Options& options) {
  if (result.reference->digest) {
    result.digest = result.reference->digest;
  } else {
    auto descriptor = registry.resolve(*result.reference);
    if (!descriptor) {
      const bool absent = descriptor.error().code == Code::not_found;
      refuse(result, absent ? Reason::image_not_found : Reason::lookup_failed, descriptor.error());
      return result;
    }
    result.digest = descriptor->digest;
  }
  check_digest(result, registry, stores, options);
  return result;
}

// The children of an index that did not pass: often they are what was signed.
std::vector<ImageResult> check_children(const ImageResult& parent, remote::Registry& registry,
                                        const Stores& stores, const Options& options) {
  if (parent.reason != Reason::no_signature && parent.reason != Reason::no_match) return {};
  const auto content = registry.manifest(parent.reference->repository, parent.digest->text());
  if (!content || !oci::is_index(content->descriptor.media_type)) return {};
  const auto index = oci::Index::parse(content->bytes);
  if (!index) return {};
  std::vector<ImageResult> children(std::min(index->manifests.size(), most_children));
  for (std::size_t i = 0; i < children.size(); ++i) {
    children[i].reference = *parent.reference;
    children[i].reference->digest = index->manifests[i].digest;
    children[i].typed = oci::digest_reference(parent.reference->repository, index->manifests[i].digest);
    children[i] = check_reference(std::move(children[i]), registry, stores, options);
  }
  return children;
}

ImageResult check_image(remote::Registry& registry, const Stores& stores, const std::string& image,
                        const Options& options) {
  ImageResult result;
  result.typed = image;
  auto reference = oci::Reference::parse(image);
  if (!reference) {
    refuse(result, Reason::invalid, reference.error());
    return result;
  }
  result.reference = std::move(*reference);
  result = check_reference(std::move(result), registry, stores, options);
  if (options.children) result.children = check_children(result, registry, stores, options);
  return result;
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
    case Reason::no_match:
      return "no_match";
    case Reason::lookup_failed:
      return "lookup_failed";
    case Reason::invalid:
      return "invalid";
  }
  return "invalid";
}

std::vector<ImageResult> check_images(remote::Registry& registry, const Stores& stores,
                                      const std::vector<std::string>& images, const Options& options) {
  std::vector<ImageResult> results(images.size());
  parallel(images.size(), options.max_workers,
           [&](std::size_t i) { results[i] = check_image(registry, stores, images[i], options); });
  return results;
}

ImageResult check_candidates(ImageResult result, std::vector<store::Stored> candidates,
                             const Options& options) {
  verify::Requirements requirements = options.requirements;
  requirements.subject = *result.digest;
  result.candidates = judge_all(std::move(candidates), options, requirements);
  if (any_accepted(result.candidates)) return result;
  Explanation why = explain(result.typed, result.candidates, options);
  refuse(result, why.reason, std::move(why.error));
  return result;
}

}  // namespace sigstore::check
