// Names for requests, so that a line of the log can be found again: "3f09c2-1", "3f09c2-2", …
#pragma once

#include <atomic>
#include <string>

#include "sigstore/base/env.h"

namespace server::host {

// Thread-safe. What begins with the same six digits is of the same process.
class RequestIds {
 public:
  explicit RequestIds(sigstore::Random& random);
  std::string next();

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace server::host
