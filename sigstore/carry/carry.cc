#include "sigstore/carry/carry.h"

#include <algorithm>
#include <mutex>
#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"

namespace sigstore::carry {
namespace {

struct BlobOf {
  const Item* item;
  const oci::Descriptor* blob;
};

// Where what hangs on the image is kept elsewhere, the same blob may be wanted in both places.
std::vector<BlobOf> each_once(const Cargo& cargo) {
  std::vector<BlobOf> blobs;
  std::set<std::pair<bool, oci::Digest>> seen;
  for (const Item& item : cargo.items)
    for (const oci::Descriptor& blob : item.blobs)
      if (seen.emplace(item.kind == Kind::image, blob.digest).second) blobs.push_back({&item, &blob});
  // The largest first, so that the last one does not run alone.
  std::ranges::stable_sort(blobs, std::greater(), [](const BlobOf& b) { return b.blob->size; });
  return blobs;
}

class Counted final : public FileReader {
 public:
  Counted(std::unique_ptr<FileReader> source, std::function<Result<void>(std::size_t)> count)
      : source_(std::move(source)), count_(std::move(count)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    TRY(const std::size_t got, source_->read(out));
    TRY_OK(count_(got));
    return got;
  }

 private:
  std::unique_ptr<FileReader> source_;
  std::function<Result<void>(std::size_t)> count_;
};

class Carrier {
 public:
  Carrier(Source& source, Target& target, const Cargo& cargo, const CarryOptions& options)
      : source_(source), target_(target), cargo_(cargo), options_(options) {}
  Result<Summary> run();

 private:
  Result<void> check() const;
  Result<void> all(std::size_t count, int at_once, const std::function<Result<void>(std::size_t)>& work);
  Result<void> blob(const BlobOf& wanted);
  Result<void> manifest(const Item& item);
  Result<void> manifests();
  void advance(std::int64_t bytes);

  Source& source_;
  Target& target_;
  const Cargo& cargo_;
  const CarryOptions& options_;
  std::mutex mutex_;  // of all below
  std::optional<Error> error_;
  Progress progress_;
  Summary summary_;
};

Result<void> Carrier::check() const {
  if (options_.cancel != nullptr && options_.cancel->is_set()) return fail(Code::cancelled, "interrupted");
  return {};
}

void Carrier::advance(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  progress_.bytes += static_cast<std::uint64_t>(bytes);
  if (options_.progress) options_.progress(progress_);
}

// The first error is the one that is told; nothing is begun after it.
Result<void> Carrier::all(std::size_t count, int at_once,
                          const std::function<Result<void>(std::size_t)>& work) {
  parallel(count, at_once, [&](std::size_t i) {
    {
      const std::lock_guard lock(mutex_);
      if (error_) return;
    }
    auto done = check();
    if (done) done = work(i);
    if (done) return;
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(done).error();
  });
  if (error_) return fail(*error_);
  return {};
}

Result<void> Carrier::blob(const BlobOf& wanted) {
  std::int64_t counted = 0;
  const ByteSource content{wanted.blob->size, [&]() -> Result<std::unique_ptr<FileReader>> {
                             advance(-counted);
                             counted = 0;
                             TRY(auto reader, source_.open(*wanted.item, *wanted.blob));
                             return std::make_unique<Counted>(std::move(reader),
                                                              [&](std::size_t n) -> Result<void> {
                                                                counted += static_cast<std::int64_t>(n);
                                                                advance(static_cast<std::int64_t>(n));
                                                                return check();
                                                              });
                           }};
  TRY(const auto arrival,
      target_.put_blob(*wanted.item, *wanted.blob, content, source_.repository(*wanted.item)));
  advance(static_cast<std::int64_t>(wanted.blob->size) - counted);
  const std::lock_guard lock(mutex_);
  ++summary_.blobs;
  summary_.bytes += wanted.blob->size;
  if (arrival == remote::Arrival::uploaded) summary_.moved += wanted.blob->size;
  return {};
}

Result<void> Carrier::manifest(const Item& item) {
  if (!item.bytes.empty()) return target_.put_manifest(item, item.bytes);
  TRY(const auto content, source_.manifest(item.descriptor.digest, item.kind != Kind::image));
  return target_.put_manifest(item, content.bytes);
}

Result<void> Carrier::manifests() {
  const auto& items = cargo_.items;
  for (std::size_t first = 0; first < items.size();) {
    std::size_t last = first;
    while (last < items.size() && items[last].wave == items[first].wave) ++last;
    TRY_OK(
        all(last - first, options_.blobs_at_once, [&](std::size_t i) { return manifest(items[first + i]); }));
    first = last;
  }
  summary_.manifests = items.size();
  return {};
}

Result<Summary> Carrier::run() {
  const auto blobs = each_once(cargo_);
  for (const BlobOf& each : blobs) progress_.all_bytes += each.blob->size;
  TRY_OK(target_.begin(cargo_));
  const int most = target_.most_at_once();
  const int at_once = most == 0 ? options_.blobs_at_once : std::min(most, options_.blobs_at_once);
  TRY_OK(all(blobs.size(), at_once, [&](std::size_t i) { return blob(blobs[i]); }));
  TRY_OK(manifests());
  TRY_OK(target_.finish(cargo_));
  return summary_;
}

}  // namespace

Result<Summary> carry(Source& source, Target& target, const Cargo& cargo, const CarryOptions& options) {
  return Carrier(source, target, cargo, options).run();
}

}  // namespace sigstore::carry
