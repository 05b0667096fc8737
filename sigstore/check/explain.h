// Why no candidate passed, in one error: the nearest miss first, checked facts apart from claims.
#pragma once

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

// The reason and the error for candidates of which none was accepted (there may be none at all).
struct Explanation {
  Reason reason;
  Error error;
};
Explanation explain(const std::string& image, const std::vector<Candidate>& candidates,
                    const Options& options);

// The same for a file and the first candidate that did not pass (nullptr: there is none).
Explanation explain_message(const std::string& name, const Candidate* candidate, const Options& options,
                            const crypto::PassingMessage& message);

}  // namespace sigstore::check
