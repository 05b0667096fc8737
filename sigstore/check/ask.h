// What the stores hold for a digest, asked at once, and judged.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

// What one store found.
struct Findings {
  std::vector<Candidate> candidates;
  std::vector<std::string> notes;
  std::optional<Error> error;  // it could not be asked
};

// One digest, about which every store is asked, by whichever threads come along. All arguments outlive it.
class Question {
 public:
  // `image` is where it lies, `repository` where its signatures are kept.
  Question(const Stores& stores, const oci::Repository& image, const oci::Repository& repository,
           const oci::Digest& subject, const Options& options);
  // Asks one store. A later one stops after its first question when an earlier one has decided (unless
  // Options::all_candidates), so it waits for those: they must have been begun before.
  void ask(std::size_t store);
  // In the order of the stores, once all have been asked.
  [[nodiscard]] std::vector<Findings> take() { return std::move(found_); }

 private:
  void finish(std::size_t store);
  bool undecided_before(std::size_t store);

  const Stores& stores_;
  const oci::Repository& repository_;
  verify::Requirements requirements_;
  const Options& options_;
  std::vector<Findings> found_;

  std::mutex mutex_;  // of the two below
  std::condition_variable changed_;
  std::vector<bool> finished_;
  bool accepted_ = false;
};

// Asks every store every question, for Options::max_workers digests at a time.
void ask_all(const std::vector<std::unique_ptr<Question>>& questions, const Stores& stores,
             const Options& options);

std::vector<Candidate> judge_all(std::vector<store::Stored> entries, const Options& options,
                                 const verify::Requirements& requirements);
bool any_accepted(const std::vector<Candidate>& candidates);
// As many keys as Options::threshold asks for.
bool enough_accepted(const std::vector<Candidate>& candidates, const Options& options);

}  // namespace sigstore::check
