#include "sigstore/rotate/rotate.h"

#include <algorithm>
#include <mutex>

#include "sigstore/base/parallel.h"

namespace sigstore::rotate {
namespace {

using State = Outcome::State;

class Counter {
 public:
  Counter(const Options& options, std::size_t found) : options_(options) { progress_.found = found; }
  void done(const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    ++progress_.done;
    if (outcome.state == State::rotated) ++progress_.rotated;
    if (outcome.state == State::failed) ++progress_.failed;
    if (options_.progress) options_.progress(progress_);
  }

 private:
  const Options& options_;
  std::mutex mutex_;
  Progress progress_;
};

bool is_covered(const Outcome& outcome) {
  return outcome.state == State::rotated || outcome.state == State::already;
}

}  // namespace

std::size_t Report::count(State state) const {
  return static_cast<std::size_t>(std::ranges::count(outcomes, state, &Outcome::state));
}

std::size_t Report::by_old() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(outcomes, [](const Outcome& outcome) { return !outcome.entries.empty(); }));
}

std::size_t Report::logged() const {
  std::size_t count = 0;
  for (const Outcome& outcome : outcomes)
    count += static_cast<std::size_t>(std::ranges::count(outcome.entries, true, &Entry::logged));
  return count;
}

std::size_t Report::covered() const {
  return static_cast<std::size_t>(std::ranges::count_if(outcomes, is_covered));
}

bool Report::failed() const {
  return !failures.empty() || count(State::failed) != 0;
}

Result<Report> rotate(const Hands& hands, const Place& place, const Options& options) {
  Report report;
  StockOptions stock_options{options.also, options.workers, options.may_go_on, {}};
  if (options.progress) stock_options.progress = [&](std::size_t n) { options.progress({.found = n}); };
  TRY(auto stock, take_stock(hands.registry, place, stock_options));
  report.failures = std::move(stock.failures);
  report.notes = std::move(stock.notes);
  report.outcomes.resize(stock.found.size());
  Counter counter(options, stock.found.size());
  parallel(stock.found.size(), options.workers, [&](std::size_t i) {
    if (options.may_go_on && !options.may_go_on()) {
      report.outcomes[i].found = std::move(stock.found[i]);
      return;
    }
    report.outcomes[i] = sign_again(hands, place, stock.found[i]);
    counter.done(report.outcomes[i]);
  });
  report.complete = !options.may_go_on || options.may_go_on().has_value();
  return report;
}

}  // namespace sigstore::rotate
