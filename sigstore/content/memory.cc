#include "sigstore/content/memory.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "sigstore/content/check.h"

namespace sigstore::content {
namespace {

using Text = std::shared_ptr<const std::string>;

class TextReader final : public FileReader {
 public:
  TextReader(Text text, std::uint64_t offset) : text_(std::move(text)), at_(offset) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    auto part = std::string_view(*text_).substr(at_, out.size());
    if (!part.empty()) std::memcpy(out.data(), part.data(), part.size());
    at_ += part.size();
    return part.size();
  }
  Result<void> skip(std::uint64_t bytes) override {
    at_ += std::min<std::uint64_t>(bytes, text_->size() - at_);
    return {};
  }

 private:
  Text text_;
  std::uint64_t at_;
};

class Memory;

class MemoryWriter final : public Writer {
 public:
  MemoryWriter(Memory& memory, crypto::HashAlgorithm algorithm)
      : memory_(memory), algorithm_(algorithm), hasher_(algorithm) {}
  ~MemoryWriter() override;
  Result<void> write(BytesView chunk) override;
  std::uint64_t size() const override { return text_.size(); }
  Result<void> commit(const oci::Digest& digest) override;

 private:
  Memory& memory_;
  crypto::HashAlgorithm algorithm_;
  crypto::Hasher hasher_;
  std::string text_;
};

class Memory final : public Store {
 public:
  explicit Memory(std::uint64_t max_bytes) : free_(static_cast<std::int64_t>(max_bytes)) {}

  Result<std::uint64_t> size(const oci::Digest& digest) override {
    TRY(auto text, find(digest));
    return text->size();
  }
  Result<Text> read(const oci::Digest& digest, std::size_t max) override {
    TRY(auto text, find(digest));
    if (text->size() > max) return fail(Code::too_large, "the content of " + digest.text() + " is too large");
    return text;
  }
  Result<std::unique_ptr<FileReader>> open(const oci::Digest& digest, std::uint64_t offset) override {
    TRY(auto text, find(digest));
    if (offset > text->size()) return fail(Code::invalid_argument, "the offset is behind the content");
    return std::make_unique<TextReader>(std::move(text), offset);
  }
  Result<std::unique_ptr<Writer>> begin(crypto::HashAlgorithm algorithm) override {
    return std::make_unique<MemoryWriter>(*this, algorithm);
  }
  Result<void> remove(const oci::Digest& digest) override {
    std::unique_lock lock(mutex_);
    auto found = contents_.find(digest);
    if (found == contents_.end()) return absent(digest);
    release(found->second->size());
    contents_.erase(found);
    return {};
  }
  Result<std::vector<oci::Digest>> list(std::size_t max) override {
    std::shared_lock lock(mutex_);
    if (contents_.size() > max) return fail(Code::too_large, "there are more contents than can be listed");
    std::vector<oci::Digest> digests;
    for (const auto& [digest, text] : contents_) digests.push_back(digest);
    return digests;
  }

  // `text` has that digest; its bytes are reserved already.
  void add(const oci::Digest& digest, std::string text) {
    std::unique_lock lock(mutex_);
    auto size = text.size();
    if (!contents_.emplace(digest, std::make_shared<const std::string>(std::move(text))).second)
      release(size);
  }
  Result<void> reserve(std::size_t bytes) {
    if (free_.fetch_sub(static_cast<std::int64_t>(bytes)) >= static_cast<std::int64_t>(bytes)) return {};
    release(bytes);
    return fail(Code::disk_full, "the memory set aside for content is full");
  }
  void release(std::size_t bytes) { free_ += static_cast<std::int64_t>(bytes); }

 private:
  static std::unexpected<Error> absent(const oci::Digest& digest) {
    return fail(Code::not_found, "there is no content " + digest.text());
  }
  Result<Text> find(const oci::Digest& digest) const {
    std::shared_lock lock(mutex_);
    auto found = contents_.find(digest);
    if (found == contents_.end()) return absent(digest);
    return found->second;
  }

  mutable std::shared_mutex mutex_;
  std::map<oci::Digest, Text> contents_;
  std::atomic<std::int64_t> free_;
};

MemoryWriter::~MemoryWriter() {
  memory_.release(text_.size());
}

Result<void> MemoryWriter::write(BytesView chunk) {
  TRY_OK(memory_.reserve(chunk.size()));
  text_.append(as_text(chunk));
  hasher_.update(chunk);
  return {};
}

Result<void> MemoryWriter::commit(const oci::Digest& digest) {
  if (algorithm_of(digest) != algorithm_) {
    hasher_ = crypto::Hasher(algorithm_of(digest));
    hasher_.update(as_bytes(text_));
  }
  TRY_OK(expect_digest(hasher_, digest));
  memory_.add(digest, std::exchange(text_, {}));
  return {};
}

}  // namespace

std::unique_ptr<Store> make_memory(std::uint64_t max_bytes) {
  return std::make_unique<Memory>(max_bytes);
}

}  // namespace sigstore::content
