#include "sigstore/content/folder.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "sigstore/base/limits.h"
#include "sigstore/base/stamped_reader.h"
#include "sigstore/base/stream.h"
#include "sigstore/codec/hex.h"
#include "sigstore/content/check.h"

namespace sigstore::content {
namespace {

// A write that failed may have left a part of its chunk: nobody may go on from there.
class FolderWriter final : public Writer {
 public:
  FolderWriter(Files& files, std::string root, std::unique_ptr<AtomicFile> file,
               crypto::HashAlgorithm algorithm)
      : files_(files),
        root_(std::move(root)),
        file_(std::move(file)),
        algorithm_(algorithm),
        hasher_(algorithm) {}

  Result<void> write(BytesView chunk) override {
    TRY_OK(usable());
    broken_ = true;
    TRY_OK(file_->write(chunk));
    broken_ = false;
    hasher_.update(chunk);
    size_ += chunk.size();
    return {};
  }
  std::uint64_t size() const override { return size_; }
  Result<void> commit(const oci::Digest& digest) override {
    TRY_OK(usable());
    TRY_OK(check_size());
    if (algorithm_of(digest) != algorithm_) TRY_OK(hash_again(algorithm_of(digest)));
    TRY_OK(expect_digest(hasher_, digest));
    auto path = root_ + "/" + blob_path(digest);
    TRY_OK(files_.make_directories(path.substr(0, path.rfind('/'))));
    return file_->commit_as(path);
  }

 private:
  Result<void> usable() const {
    if (broken_) return fail(Code::io, "the content could not be written", "an earlier write failed");
    return {};
  }
  // What was hashed on its way in is what the file holds.
  Result<void> check_size() {
    TRY(const auto reader, file_->read_back());
    const auto* file = dynamic_cast<const StampedReader*>(reader.get());
    const auto stamp = file != nullptr ? file->stamp() : std::nullopt;
    if (!stamp || stamp->size == size_) return {};
    return fail(Code::io, "the content could not be written",
                "its file has " + std::to_string(stamp->size) + " bytes, not " + std::to_string(size_));
  }
  Result<void> hash_again(crypto::HashAlgorithm algorithm) {
    hasher_ = crypto::Hasher(algorithm);
    TRY(auto reader, file_->read_back());
    TRY_OK(copy_stream(*reader, [this](BytesView piece) -> Result<void> {
      hasher_.update(piece);
      return {};
    }));
    return {};
  }

  Files& files_;
  std::string root_;
  std::unique_ptr<AtomicFile> file_;
  crypto::HashAlgorithm algorithm_;
  crypto::Hasher hasher_;
  std::uint64_t size_ = 0;
  bool broken_ = false;
};

// Files that were hashed and had their digest.
class Verified {
 public:
  bool has(const oci::Digest& digest, const FileStamp& stamp) {
    const std::lock_guard lock(mutex_);
    const auto found = stamps_.find(digest);
    return found != stamps_.end() && found->second == stamp;
  }
  void add(const oci::Digest& digest, const FileStamp& stamp) {
    const std::lock_guard lock(mutex_);
    if (stamps_.size() >= remembered) stamps_.clear();
    stamps_.insert_or_assign(digest, stamp);
  }

 private:
  static constexpr std::size_t remembered = 4096;  // after so many others one is hashed again
  std::mutex mutex_;
  std::map<oci::Digest, FileStamp> stamps_;
};

class Folder final : public Store {
 public:
  Folder(Files& files, Random* random, std::string root)
      : files_(files), random_(random), root_(std::move(root)) {}

  Result<std::uint64_t> size(const oci::Digest& digest) override { return files_.size(path_of(digest)); }

  Result<std::shared_ptr<const std::string>> read(const oci::Digest& digest, std::size_t max) override {
    TRY_OK(files_.size(path_of(digest)));  // no pipe, which nobody may ever write to
    TRY(auto text, files_.read(path_of(digest), max));
    crypto::Hasher hasher(algorithm_of(digest));
    hasher.update(as_bytes(text));
    TRY_OK(expect_digest(hasher, digest));
    return std::make_shared<const std::string>(std::move(text));
  }

  Result<std::unique_ptr<FileReader>> open(const oci::Digest& digest, std::uint64_t offset) override {
    TRY(const auto said, files_.size(path_of(digest)));  // as above
    TRY(auto reader, files_.open(path_of(digest)));
    const auto* file = dynamic_cast<const StampedReader*>(reader.get());
    const auto stamp = file != nullptr ? file->stamp() : std::nullopt;
    const auto bytes = stamp ? stamp->size : said;
    if (offset > bytes) return fail(Code::invalid_argument, "the offset is behind the content");
    if (offset == 0 && !stamp) return verifying(std::move(reader), digest, bytes);
    if (offset == 0 && !verified_->has(digest, *stamp))
      return verifying(std::move(reader), digest, bytes,
                       [verified = verified_, digest, stamp] { verified->add(digest, *stamp); });
    TRY_OK(reader->skip(offset));
    return reader;
  }

  Result<std::unique_ptr<Writer>> begin(crypto::HashAlgorithm algorithm) override {
    if (!random_) return fail(Code::unsupported, "this folder is only read", root_);
    TRY_OK(files_.make_directories(root_ + "/uploads"));
    std::array<std::uint8_t, 16> name;
    random_->fill(name);
    TRY(auto file, files_.create(root_ + "/uploads/" + codec::hex::encode(name), 0644));
    return std::make_unique<FolderWriter>(files_, root_, std::move(file), algorithm);
  }

  Result<void> remove(const oci::Digest& digest) override { return files_.remove(path_of(digest)); }

  Result<std::vector<oci::Digest>> list(std::size_t max) override {
    std::vector<oci::Digest> digests;
    for (const std::string algorithm : {"sha256", "sha512"}) {
      auto folder = root_ + "/blobs/" + algorithm;
      if (!files_.is_directory(folder)) continue;
      TRY(auto names, files_.list(folder));
      for (const auto& name : names)
        if (auto digest = oci::Digest::parse(algorithm + ":" + name)) digests.push_back(*std::move(digest));
    }
    if (digests.size() > max) return fail(Code::too_large, "too many contents to look at", root_);
    return digests;
  }

 private:
  std::string path_of(const oci::Digest& digest) const { return root_ + "/" + blob_path(digest); }

  Files& files_;
  Random* random_;
  std::string root_;
  std::shared_ptr<Verified> verified_ = std::make_shared<Verified>();  // readers may outlive this object
};

}  // namespace

std::string blob_path(const oci::Digest& digest) {
  return "blobs/" + std::string(digest.algorithm()) + "/" + std::string(digest.hex());
}

Result<void> remove_leftovers(Files& files, const std::string& root) {
  auto folder = root + "/uploads";
  if (!files.is_directory(folder)) return {};
  TRY(auto names, files.list(folder));
  for (const auto& name : names) TRY_OK(files.remove(folder + "/" + name));
  return {};
}

std::unique_ptr<Store> make_folder(Files& files, Random* random, std::string root) {
  return std::make_unique<Folder>(files, random, std::move(root));
}

}  // namespace sigstore::content
