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

constexpr std::size_t chunk_bytes = limits::mib;

// One content: small ones are one text, that is served as it is; larger ones are chunks, so that they are
// never copied while they grow.
class Content {
 public:
  [[nodiscard]] std::uint64_t size() const { return size_; }

  void append(std::string_view more) {
    size_ += more.size();
    while (!more.empty()) {
      if (chunks_.empty() || chunks_.back().size() == chunk_bytes) add_chunk();
      auto part = more.substr(0, chunk_bytes - chunks_.back().size());
      chunks_.back().append(part);
      more.remove_prefix(part.size());
    }
  }

  // Nothing is added any more.
  void close() {
    if (size_ > limits::manifest_bytes) {
      chunks_.back().shrink_to_fit();
    } else {
      auto text = joined();
      text.shrink_to_fit();
      whole_ = std::make_shared<const std::string>(std::move(text));
    }
  }

  [[nodiscard]] Text text() const { return whole_ ? whole_ : std::make_shared<const std::string>(copied()); }

  // As much as there is from `at` on, in one piece.
  [[nodiscard]] std::string_view from(std::uint64_t at) const {
    if (at >= size_) return {};
    if (whole_) return std::string_view(*whole_).substr(at);
    return std::string_view(chunks_[at / chunk_bytes]).substr(at % chunk_bytes);
  }

 private:
  // The first grows as it must: most contents are small.
  void add_chunk() {
    auto& chunk = chunks_.emplace_back();
    if (chunks_.size() > 1) chunk.reserve(chunk_bytes);
  }
  std::string joined() {
    auto chunks = std::exchange(chunks_, {});
    if (chunks.size() == 1) return std::move(chunks.front());
    std::string text;
    text.reserve(size_);
    for (const auto& chunk : chunks) text += chunk;
    return text;
  }
  [[nodiscard]] std::string copied() const {
    std::string text;
    text.reserve(size_);
    for (const auto& chunk : chunks_) text += chunk;
    return text;
  }

  std::vector<std::string> chunks_;  // all but the last are full
  Text whole_;                       // once closed, of one that is small
  std::uint64_t size_ = 0;
};

using Shared = std::shared_ptr<const Content>;

class ContentReader final : public FileReader {
 public:
  ContentReader(Shared content, std::uint64_t offset) : content_(std::move(content)), at_(offset) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      auto part = content_->from(at_).substr(0, out.size() - filled);
      if (part.empty()) break;
      std::memcpy(out.data() + filled, part.data(), part.size());
      filled += part.size();
      at_ += part.size();
    }
    return filled;
  }
  Result<void> skip(std::uint64_t bytes) override {
    at_ += std::min<std::uint64_t>(bytes, content_->size() - at_);
    return {};
  }

 private:
  Shared content_;
  std::uint64_t at_;
};

class Memory;

class MemoryWriter final : public Writer {
 public:
  MemoryWriter(Memory& memory, crypto::HashAlgorithm algorithm)
      : memory_(memory), algorithm_(algorithm), hasher_(algorithm) {}
  ~MemoryWriter() override;
  Result<void> write(BytesView chunk) override;
  std::uint64_t size() const override { return content_.size(); }
  Result<void> commit(const oci::Digest& digest) override;

 private:
  void hash_again(crypto::HashAlgorithm algorithm);

  Memory& memory_;
  crypto::HashAlgorithm algorithm_;
  crypto::Hasher hasher_;
  Content content_;
};

class Memory final : public Store {
 public:
  explicit Memory(std::uint64_t max_bytes) : free_(static_cast<std::int64_t>(max_bytes)) {}

  Result<std::uint64_t> size(const oci::Digest& digest) override {
    TRY(auto content, find(digest));
    return content->size();
  }
  Result<Text> read(const oci::Digest& digest, std::size_t max) override {
    TRY(auto content, find(digest));
    if (content->size() > max)
      return fail(Code::too_large, "the content of " + digest.text() + " is too large");
    return content->text();
  }
  Result<std::unique_ptr<FileReader>> open(const oci::Digest& digest, std::uint64_t offset) override {
    TRY(auto content, find(digest));
    if (offset > content->size()) return fail(Code::invalid_argument, "the offset is behind the content");
    return std::make_unique<ContentReader>(std::move(content), offset);
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
    digests.reserve(contents_.size());
    for (const auto& [digest, content] : contents_) digests.push_back(digest);
    return digests;
  }

  // `content` is closed and has that digest; its bytes are reserved already.
  void add(const oci::Digest& digest, Content content) {
    std::unique_lock lock(mutex_);
    auto size = content.size();
    if (!contents_.emplace(digest, std::make_shared<const Content>(std::move(content))).second) release(size);
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
  Result<Shared> find(const oci::Digest& digest) const {
    std::shared_lock lock(mutex_);
    auto found = contents_.find(digest);
    if (found == contents_.end()) return absent(digest);
    return found->second;
  }

  mutable std::shared_mutex mutex_;
  std::map<oci::Digest, Shared> contents_;
  std::atomic<std::int64_t> free_;
};

MemoryWriter::~MemoryWriter() {
  memory_.release(content_.size());
}

Result<void> MemoryWriter::write(BytesView chunk) {
  TRY_OK(memory_.reserve(chunk.size()));
  content_.append(as_text(chunk));
  hasher_.update(chunk);
  return {};
}

void MemoryWriter::hash_again(crypto::HashAlgorithm algorithm) {
  hasher_ = crypto::Hasher(algorithm);
  for (std::uint64_t at = 0; at < content_.size();) {
    auto part = content_.from(at);
    hasher_.update(as_bytes(part));
    at += part.size();
  }
}

Result<void> MemoryWriter::commit(const oci::Digest& digest) {
  if (algorithm_of(digest) != algorithm_) hash_again(algorithm_of(digest));
  TRY_OK(expect_digest(hasher_, digest));
  content_.close();
  memory_.add(digest, std::exchange(content_, {}));
  return {};
}

}  // namespace

std::unique_ptr<Store> make_memory(std::uint64_t max_bytes) {
  return std::make_unique<Memory>(max_bytes);
}

}  // namespace sigstore::content
