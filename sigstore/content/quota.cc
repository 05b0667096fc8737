#include "sigstore/content/quota.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <mutex>

namespace sigstore::content {
namespace {

std::unexpected<Error> too_large(std::uint64_t most) {
  return fail(Code::too_large, "one content may have at most " + std::to_string(most) + " bytes here");
}

std::unexpected<Error> full(std::uint64_t most) {
  return fail(Code::disk_full, "all contents together may have at most " + std::to_string(most) + " bytes");
}

class Limited final : public LimitedStore {
 public:
  Limited(std::unique_ptr<Store> inner, Quota quota) : inner_(std::move(inner)), quota_(quota) {}

  Result<void> count();
  Result<void> admit(std::uint64_t bytes) const override {
    if (quota_.one != 0 && bytes > quota_.one) return too_large(quota_.one);
    if (quota_.all != 0 && bytes > quota_.all - std::min(quota_.all, used_.load())) return full(quota_.all);
    return {};
  }
  std::uint64_t used() const override { return used_; }

  Result<std::uint64_t> size(const oci::Digest& digest) override { return inner_->size(digest); }
  Result<std::shared_ptr<const std::string>> read(const oci::Digest& digest, std::size_t max) override {
    return inner_->read(digest, max);
  }
  Result<std::unique_ptr<FileReader>> open(const oci::Digest& digest, std::uint64_t offset) override {
    return inner_->open(digest, offset);
  }
  Result<std::vector<oci::Digest>> list(std::size_t max) override { return inner_->list(max); }
  Result<std::unique_ptr<Writer>> begin(crypto::HashAlgorithm algorithm) override;
  Result<void> remove(const oci::Digest& digest) override;

  // --- for the writers
  Result<void> reserve(std::uint64_t before, std::uint64_t more);
  void release(std::uint64_t bytes) { used_ -= bytes; }
  bool keep(const oci::Digest& digest, std::uint64_t size);  // false: it was there already

 private:
  const std::unique_ptr<Store> inner_;
  const Quota quota_;
  std::atomic<std::uint64_t> used_ = 0;
  std::mutex mutex_;
  std::map<oci::Digest, std::uint64_t> sizes_;  // of what is counted
};

class LimitedWriter final : public Writer {
 public:
  LimitedWriter(Limited& store, std::unique_ptr<Writer> inner) : store_(store), inner_(std::move(inner)) {}
  ~LimitedWriter() override { store_.release(reserved_); }

  Result<void> write(BytesView chunk) override {
    TRY_OK(store_.reserve(reserved_, chunk.size()));
    reserved_ += chunk.size();
    return inner_->write(chunk);
  }
  std::uint64_t size() const override { return inner_->size(); }
  Result<void> commit(const oci::Digest& digest) override {
    TRY_OK(inner_->commit(digest));
    if (store_.keep(digest, reserved_)) reserved_ = 0;
    return {};
  }

 private:
  Limited& store_;
  std::unique_ptr<Writer> inner_;
  std::uint64_t reserved_ = 0;
};

Result<void> Limited::count() {
  if (quota_.all == 0) return {};
  TRY(const auto digests, inner_->list(std::numeric_limits<std::size_t>::max()));
  for (const oci::Digest& digest : digests) {
    TRY(const std::uint64_t size, inner_->size(digest));
    sizes_.emplace(digest, size);
    used_ += size;
  }
  return {};
}

Result<std::unique_ptr<Writer>> Limited::begin(crypto::HashAlgorithm algorithm) {
  TRY(auto writer, inner_->begin(algorithm));
  return std::make_unique<LimitedWriter>(*this, std::move(writer));
}

Result<void> Limited::remove(const oci::Digest& digest) {
  TRY_OK(inner_->remove(digest));
  const std::lock_guard lock(mutex_);
  const auto found = sizes_.find(digest);
  if (found == sizes_.end()) return {};
  release(found->second);
  sizes_.erase(found);
  return {};
}

Result<void> Limited::reserve(std::uint64_t before, std::uint64_t more) {
  if (quota_.one != 0 && before + more > quota_.one) return too_large(quota_.one);
  if (used_.fetch_add(more) + more <= quota_.all || quota_.all == 0) return {};
  release(more);
  return full(quota_.all);
}

bool Limited::keep(const oci::Digest& digest, std::uint64_t size) {
  if (quota_.all == 0) return false;
  const std::lock_guard lock(mutex_);
  return sizes_.emplace(digest, size).second;
}

}  // namespace

Result<std::unique_ptr<LimitedStore>> LimitedStore::make(std::unique_ptr<Store> inner, Quota quota) {
  auto store = std::make_unique<Limited>(std::move(inner), quota);
  TRY_OK(store->count());
  return store;
}

}  // namespace sigstore::content
