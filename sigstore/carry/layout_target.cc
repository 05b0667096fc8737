#include "sigstore/base/limits.h"
#include "sigstore/carry/layout.h"
#include "sigstore/content/check.h"
#include "sigstore/content/folder.h"

namespace sigstore::carry {
namespace {

class LayoutTarget final : public Target {
 public:
  LayoutTarget(Files& files, std::string folder, std::string tag)
      : files_(files), folder_(std::move(folder)), tag_(std::move(tag)) {}

  Result<void> begin(const Cargo& cargo) override;
  Result<remote::Arrival> put_blob(const Item&, const oci::Descriptor& blob, const ByteSource& content,
                                   const std::optional<oci::Repository>&) override {
    return put(blob, content);
  }
  Result<void> put_manifest(const Item& item, const std::string& bytes) override {
    TRY_OK(put(item.descriptor, text_source(bytes)));
    return {};
  }
  Result<void> finish(const Cargo& cargo) override;

 private:
  Result<void> remove_leftovers(const std::string& folder);
  Result<remote::Arrival> put(const oci::Descriptor& what, const ByteSource& content);
  Result<void> put_text(const std::string& name, std::string_view text);
  [[nodiscard]] bool is_there(const oci::Descriptor& what) const;
  [[nodiscard]] std::string path_of(const oci::Digest& digest) const {
    return folder_ + "/" + content::blob_path(digest);
  }

  Files& files_;
  const std::string folder_, tag_;
  std::string index_;  // what index.json will say
  std::unique_ptr<FileLock> lock_;
};

// Of a run that was killed.
Result<void> LayoutTarget::remove_leftovers(const std::string& folder) {
  TRY(const auto names, files_.list(folder));
  for (const std::string& name : names)
    if (name.starts_with('.') && name.contains(".tmp-")) TRY_OK(files_.remove(folder + "/" + name));
  return {};
}

Result<void> LayoutTarget::begin(const Cargo& cargo) {
  TRY(index_, saved_index(cargo, tag_));
  TRY_OK(files_.make_directories(folder_ + "/blobs/sha256"));
  auto lock = files_.lock(folder_);
  if (!lock && lock.error().code == Code::conflict)
    return fail(lock.error().wrap("another process writes to " + folder_));
  if (lock) lock_ = *std::move(lock);  // not every file system has locks
  return remove_leftovers(folder_ + "/blobs/sha256");
}

bool LayoutTarget::is_there(const oci::Descriptor& what) const {
  const auto size = files_.size(path_of(what.digest));
  if (!size || *size != what.size) return false;
  auto reader = files_.open(path_of(what.digest));
  if (!reader) return false;
  const auto read = content::verifying(std::move(*reader), what.digest, what.size);
  return copy_stream(*read, [](BytesView) -> Result<void> { return {}; }).has_value();
}

Result<remote::Arrival> LayoutTarget::put(const oci::Descriptor& what, const ByteSource& content) {
  if (is_there(what)) return remote::Arrival::there_already;
  const std::string path = path_of(what.digest);
  TRY_OK(files_.make_directories(path.substr(0, path.rfind('/'))));
  if (files_.exists(path) && !files_.size(path)) TRY_OK(files_.remove(path));  // no file at all
  TRY(const auto source, content.open());
  TRY(const auto file, files_.create(path, 0644));
  TRY(const auto size, copy_stream(*source, [&](BytesView piece) { return file->write(piece); }));
  TRY_OK(expect_size(what.digest.text(), what.size, size));
  TRY_OK(file->commit_as(path));  // over a link of that name, and not where it leads
  return remote::Arrival::uploaded;
}

Result<void> LayoutTarget::put_text(const std::string& name, std::string_view text) {
  const std::string path = folder_ + "/" + name;
  TRY(const auto file, files_.create(path, 0644));
  TRY_OK(file->write(as_bytes(text)));
  return file->commit_as(path);
}

Result<void> LayoutTarget::finish(const Cargo&) {
  TRY_OK(put_text("oci-layout", saved_version));
  return put_text("index.json", index_);
}

}  // namespace

std::unique_ptr<Target> make_layout_target(Files& files, std::string folder, std::string tag) {
  return std::make_unique<LayoutTarget>(files, std::move(folder), std::move(tag));
}

}  // namespace sigstore::carry
