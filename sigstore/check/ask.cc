#include "sigstore/check/ask.h"

#include <algorithm>
#include <functional>

#include "sigstore/base/parallel.h"
#include "sigstore/check/logged.h"
#include "sigstore/check/parties.h"

namespace sigstore::check {
namespace {

Findings look(store::ArtifactStore& store, const oci::Repository& repository,
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

verify::Verdict judge_alone(const bundle::Bundle& bundle, const verify::TrustedMaterial& material,
                            const verify::Requirements& requirements) {
  return verify::judge(bundle, material, requirements);
}

// What passed all else is put before the user's own rules.
void ask_policy(Candidate& candidate, const Policy& policy) {
  if (!policy || !candidate.verdict.accepted()) return;
  const auto* envelope = std::get_if<bundle::EnvelopeContent>(&candidate.stored.bundle->content);
  if (envelope == nullptr) return;
  auto check = policy(envelope->payload);
  if (!check) {
    candidate.policy_error = std::move(check.error());
    check = verify::Check{"policy", {}, verify::Status::failed, {}, {}, candidate.policy_error->text()};
  }
  candidate.verdict.checks.push_back(std::move(*check));
}

}  // namespace

bool any_accepted(const std::vector<Candidate>& candidates) {
  return std::ranges::any_of(candidates, [](const Candidate& c) { return c.verdict.accepted(); });
}

bool enough_accepted(const std::vector<Candidate>& candidates, const Options& options) {
  if (options.threshold <= 1) return any_accepted(candidates);
  return accepted_keys(candidates).size() >= options.threshold;
}

std::vector<Candidate> judge_all(std::vector<store::Stored> entries, const Options& options,
                                 const verify::Requirements& requirements) {
  std::vector<Candidate> candidates;
  for (store::Stored& entry : entries) {
    verify::Verdict verdict;
    std::optional<Error> trust_error;
    const Judge judge = [&](const bundle::Bundle& bundle, const verify::Requirements& required) {
      return judge_trusting(bundle, options, required, judge_alone, trust_error);
    };
    if (entry.bundle) verdict = judge_logged(entry, options, requirements, {}, judge);
    candidates.push_back({std::move(entry), std::move(verdict), {}, std::move(trust_error)});
    ask_policy(candidates.back(), options.policy);
  }
  return candidates;
}

Question::Question(const Stores& stores, const oci::Repository& image, const oci::Repository& repository,
                   const oci::Digest& subject, const Options& options)
    : stores_(stores),
      repository_(repository),
      requirements_(options.requirements),
      options_(options),
      found_(stores.size()),
      finished_(stores.size(), false) {
  requirements_.subject = subject;
  requirements_.repository = image;
}

void Question::ask(std::size_t store) {
  std::function<bool()> go_on;
  if (!options_.all_candidates && options_.threshold <= 1 && store > 0)
    go_on = [this, store] { return undecided_before(store); };
  found_[store] = look(*stores_[store], repository_, requirements_, options_, std::move(go_on));
  finish(store);
}

void Question::finish(std::size_t store) {
  const std::lock_guard lock(mutex_);
  finished_[store] = true;
  accepted_ = accepted_ || any_accepted(found_[store].candidates);
  changed_.notify_all();
}

bool Question::undecided_before(std::size_t store) {
  std::unique_lock lock(mutex_);
  const auto end = finished_.begin() + static_cast<std::ptrdiff_t>(store);
  changed_.wait(lock,
                [&] { return accepted_ || std::all_of(finished_.begin(), end, [](bool b) { return b; }); });
  return !accepted_;
}

// One list of work for all: a thread for each store of each digest would cost more than the questions. It is
// begun in order, so that whoever waits for an earlier store waits for one that is being asked.
void ask_all(const std::vector<std::unique_ptr<Question>>& questions, const Stores& stores,
             const Options& options) {
  const std::size_t each = stores.size();
  parallel(questions.size() * each, options.max_workers * static_cast<int>(each), [&](std::size_t i) {
    if (Question* question = questions[i / each].get()) question->ask(i % each);
  });
}

}  // namespace sigstore::check
