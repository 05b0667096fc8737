// All content of a folder, hashed again. For check.cc.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "server/registry/check.h"
#include "sigstore/content/store.h"

namespace server::registry {

class CheckedContent {
 public:
  enum class State : char { gone, good, damaged };

  // Several at a time, each in pieces: memory does not grow with their sizes. `content` outlives this.
  static sigstore::Result<CheckedContent> run(sigstore::content::Store& content, const CheckOptions& options);

  [[nodiscard]] State state(const sigstore::oci::Digest& digest) const;
  [[nodiscard]] std::uint64_t count() const { return digests_.size(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::vector<sigstore::oci::Digest> damaged() const;
  void report(Findings& findings) const;

 private:
  std::vector<sigstore::oci::Digest> digests_;  // sorted
  std::vector<State> states_;
  std::vector<std::string> why_;  // of those that are damaged
  std::uint64_t bytes_ = 0;
};

}  // namespace server::registry
