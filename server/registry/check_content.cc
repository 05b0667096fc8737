#include "server/registry/check_content.h"

#include <algorithm>
#include <limits>
#include <mutex>

#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Digest;

namespace {

// Reads one content to its end; a store verifies what it reads.
class Reading {
 public:
  Reading(sigstore::content::Store& content, const CheckOptions& options, std::uint64_t all)
      : content_(content), options_(options), all_(all) {}

  Result<void> read(const Digest& digest) {
    TRY(const auto reader, content_.open(digest));
    std::vector<std::uint8_t> buffer(sigstore::limits::copy_bytes);
    for (;;) {
      if (is_cancelled()) return fail(Code::cancelled, "interrupted");
      TRY(const std::size_t count, reader->read(buffer));
      if (count == 0) return {};
      const std::uint64_t done = done_ += count;
      if (options_.progress) options_.progress(done, all_);
    }
  }
  [[nodiscard]] bool is_cancelled() const { return options_.cancel != nullptr && options_.cancel->is_set(); }

 private:
  sigstore::content::Store& content_;
  const CheckOptions& options_;
  const std::uint64_t all_;
  std::atomic<std::uint64_t> done_ = 0;
};

}  // namespace

Result<CheckedContent> CheckedContent::run(sigstore::content::Store& content, const CheckOptions& options) {
  CheckedContent checked;
  TRY(checked.digests_, content.list(std::numeric_limits<std::size_t>::max()));
  for (const Digest& digest : checked.digests_) checked.bytes_ += content.size(digest).value_or(0);
  checked.states_.resize(checked.digests_.size(), State::good);
  Reading reading(content, options, checked.bytes_);
  std::mutex mutex;
  sigstore::parallel(checked.digests_.size(), options.workers, [&](std::size_t i) {
    const auto read = reading.read(checked.digests_[i]);
    if (read) return;
    checked.states_[i] = State::damaged;
    const std::lock_guard lock(mutex);
    checked.why_.push_back(checked.digests_[i].text() + " " + read.error().text());
  });
  if (reading.is_cancelled()) return fail(Code::cancelled, "interrupted");
  std::ranges::sort(checked.why_);
  return checked;
}

CheckedContent::State CheckedContent::state(const Digest& digest) const {
  const auto found = std::ranges::lower_bound(digests_, digest);
  if (found == digests_.end() || *found != digest) return State::gone;
  return states_[static_cast<std::size_t>(found - digests_.begin())];
}

std::vector<Digest> CheckedContent::damaged() const {
  std::vector<Digest> list;
  for (std::size_t i = 0; i < digests_.size(); ++i)
    if (states_[i] == State::damaged) list.push_back(digests_[i]);
  return list;
}

void CheckedContent::report(Findings& findings) const {
  for (const std::string& line : why_) {
    const std::size_t space = line.find(' ');
    findings.push_back({Finding::Kind::content, line.substr(0, space), line.substr(space + 1), true});
  }
}

}  // namespace server::registry
