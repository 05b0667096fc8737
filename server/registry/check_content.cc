#include "server/registry/check_content.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>

#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"

namespace server::registry {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::oci::Digest;

namespace {

// What is wrong with one content, or empty.
using Damage = std::string;

// Reads one content to its end; a store verifies what it reads. One that cannot be opened (it may not be
// read, there are too many open files) is not known to be damaged: that is an error.
class Reading {
 public:
  Reading(sigstore::content::Store& content, const CheckOptions& options, std::uint64_t all)
      : content_(content), options_(options), all_(all) {}

  Result<Damage> read(const Digest& digest) {
    TRY(const auto reader, content_.open(digest));
    std::vector<std::uint8_t> buffer(sigstore::limits::copy_bytes);
    for (;;) {
      if (is_cancelled()) return fail(Code::cancelled, "interrupted");
      const auto count = reader->read(buffer);
      if (!count && is_damage(count.error().code)) return count.error().text();
      TRY_OK(count);
      if (*count == 0) return Damage();
      const std::uint64_t done = done_ += *count;
      if (options_.progress) options_.progress(done, all_);
    }
  }
  static bool is_damage(Code code) { return code == Code::mismatch || code == Code::io; }
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
  std::optional<sigstore::Error> failed;
  sigstore::parallel(checked.digests_.size(), options.workers, [&](std::size_t i) {
    const auto damage = reading.read(checked.digests_[i]);
    if (damage && damage->empty()) return;
    const std::lock_guard lock(mutex);
    if (!damage) {
      if (!failed) failed = damage.error();
      return;
    }
    checked.states_[i] = State::damaged;
    checked.why_.push_back(checked.digests_[i].text() + " " + *damage);
  });
  if (reading.is_cancelled()) return fail(Code::cancelled, "interrupted");
  if (failed) return fail(*failed);
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
