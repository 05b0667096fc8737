// All stores of one digest, asked at once, and what they gave, judged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

// What one store found.
struct Findings {
  std::vector<Candidate> candidates;
  std::vector<std::string> notes;
  std::optional<Error> error;  // it could not be asked
};

// In the order of the stores. A later one stops after its first question when an earlier one has decided,
// unless Options::all_candidates.
std::vector<Findings> ask_all(const Stores& stores, const oci::Repository& repository,
                              const verify::Requirements& requirements, const Options& options);

std::vector<Candidate> judge_all(std::vector<store::Stored> entries, const Options& options,
                                 const verify::Requirements& requirements);
bool any_accepted(const std::vector<Candidate>& candidates);

}  // namespace sigstore::check
