#include <mutex>
#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/carry/layout.h"
#include "sigstore/codec/tar.h"
#include "sigstore/content/check.h"
#include "sigstore/content/folder.h"
#include "sigstore/store/archive/archive.h"

namespace sigstore::carry {
namespace {

class ArchiveTarget final : public Target {
 public:
  ArchiveTarget(Files& files, std::string path, std::string tag)
      : files_(files), path_(std::move(path)), tag_(std::move(tag)) {}

  [[nodiscard]] int most_at_once() const override { return 1; }
  Result<void> begin(const Cargo& cargo) override;
  Result<remote::Arrival> put_blob(const Item&, const oci::Descriptor& blob, const ByteSource& content,
                                   const std::optional<oci::Repository>&) override {
    return put(blob, content);
  }
  Result<void> put_manifest(const Item& item, const std::string& bytes) override {
    TRY_OK(put(item.descriptor, text_source(bytes)));
    return {};
  }
  Result<void> finish(const Cargo&) override {
    const std::lock_guard lock(mutex_);
    const std::vector<std::uint8_t> end(2 * codec::tar::block);
    TRY_OK(file_->write(end));
    return file_->commit();
  }

 private:
  Result<remote::Arrival> put(const oci::Descriptor& what, const ByteSource& content);
  Result<void> write(const std::string& name, std::uint64_t size, FileReader& content);
  Result<void> write_text(const std::string& name, std::string_view text) {
    return write(name, text.size(), *read_text(text));
  }

  Files& files_;
  const std::string path_, tag_;
  std::mutex mutex_;  // one file after the other
  std::unique_ptr<AtomicFile> file_;
  std::set<oci::Digest> written_;
};

// The list comes first: who reads the file knows what to expect.
Result<void> ArchiveTarget::begin(const Cargo& cargo) {
  TRY(const std::string index, saved_index(cargo, tag_));
  store::ArchiveList list;
  const auto add_text = [&](const std::string& name, std::string_view text) {
    list[name] = {text.size(), std::string(oci::Digest::sha256(text).hex())};
  };
  add_text("oci-layout", saved_version);
  add_text("index.json", index);
  const auto add = [&](const oci::Descriptor& what) -> Result<void> {
    if (what.digest.algorithm() != "sha256")
      return fail(Code::unsupported, "only contents with a SHA-256 digest fit into an archive",
                  what.digest.text(), "--dir DIR takes all");
    const store::ArchiveFile file{what.size, std::string(what.digest.hex())};
    const auto known = list.emplace(content::blob_path(what.digest), file).first;
    if (known->second == file) return {};
    return fail(Code::mismatch, "two manifests say different sizes of " + what.digest.text(),
                std::to_string(known->second.size) + " and " + std::to_string(what.size) + " bytes");
  };
  for (const Item& item : cargo.items) {
    TRY_OK(add(item.descriptor));
    for (const oci::Descriptor& blob : item.blobs) TRY_OK(add(blob));
  }
  if (list.size() > limits::archive_entries)
    return fail(Code::too_large, "too much hangs on this image for an archive",
                std::to_string(list.size()) + " files, and at most " +
                    std::to_string(limits::archive_entries) + " are read again",
                "--dir DIR takes more");
  if (files_.exists(path_)) TRY_OK(files_.size(path_));  // what is no file would be kept in memory
  TRY(file_, files_.create(path_, 0644));
  TRY_OK(write_text(store::archive_list_name, store::write_list(list)));
  TRY_OK(write_text("oci-layout", saved_version));
  return write_text("index.json", index);
}

Result<void> ArchiveTarget::write(const std::string& name, std::uint64_t size, FileReader& content) {
  TRY(const auto header, codec::tar::write({name, size, false}));
  TRY_OK(file_->write(header));
  TRY(const auto written, copy_stream(content, [this](BytesView piece) { return file_->write(piece); }));
  TRY_OK(expect_size(name, size, written));
  const codec::tar::Block zeros{};
  return file_->write(BytesView(zeros).first(codec::tar::padding(size)));
}

Result<remote::Arrival> ArchiveTarget::put(const oci::Descriptor& what, const ByteSource& content) {
  const std::lock_guard lock(mutex_);
  if (!written_.insert(what.digest).second) return remote::Arrival::there_already;
  TRY(const auto source, content.open());
  TRY_OK(write(content::blob_path(what.digest), what.size, *source));
  return remote::Arrival::uploaded;
}

}  // namespace

std::unique_ptr<Target> make_archive_target(Files& files, std::string path, std::string tag) {
  return std::make_unique<ArchiveTarget>(files, std::move(path), std::move(tag));
}

Result<store::Layout> open_saved(Files& files, const std::string& path, const Cancel* cancel) {
  if (files.is_directory(path) || !files.exists(path)) return store::Layout::open(files, path);
  if (auto size = files.size(path); !size) {  // it is read more than once
    Error error = std::move(size).error();
    error.hint = "write it to a file first";
    return fail(std::move(error));
  }
  TRY(auto archive, store::open_archive(files, path, cancel));
  return store::Layout::from(path, archive.version, archive.index, std::move(archive.content));
}

}  // namespace sigstore::carry
