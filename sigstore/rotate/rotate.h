// A repository: which digests are there, and which of them the new key covers when all that the old key
// signed has been signed again.
//
// What stands already is passed over, so that a run that was interrupted goes on where it ended, and a second
// run changes nothing.
#pragma once

#include "sigstore/rotate/again.h"

namespace sigstore::rotate {

struct Progress {
  std::size_t found = 0, done = 0;      // digests
  std::size_t rotated = 0, failed = 0;  // of those that are done
};

struct Options {
  std::vector<oci::Digest> also;                  // digests that no tag leads to
  int workers = limits::max_workers;              // digests at a time
  std::function<Result<void>()> may_go_on;        // an error ends the run; may be empty
  std::function<void(const Progress&)> progress;  // from several threads, one at a time; may be empty
};

struct Report {
  std::vector<Outcome> outcomes;  // of each digest, in the order of Stock
  std::vector<Failure> failures;  // what could not be looked through: there may be more digests
  std::vector<std::string> notes;
  bool complete = true;  // false: the run was ended before its end

  [[nodiscard]] std::size_t count(Outcome::State state) const;
  // Digests that the old key signed something over.
  [[nodiscard]] std::size_t by_old() const;
  // Of their entries, those whose old signature comes with proof of a log.
  [[nodiscard]] std::size_t logged() const;
  // Of these digests, those where the new key has signed all of it.
  [[nodiscard]] std::size_t covered() const;
  [[nodiscard]] bool failed() const;
};

// The signer in `hands` is used by several threads when there is more than one worker. Errors: that the tags
// of the repository cannot be listed.
Result<Report> rotate(const Hands& hands, const Place& place, const Options& options);

}  // namespace sigstore::rotate
