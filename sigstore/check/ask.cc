#include "sigstore/check/ask.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

#include "sigstore/base/parallel.h"

namespace sigstore::check {
namespace {

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

}  // namespace

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

}  // namespace sigstore::check
