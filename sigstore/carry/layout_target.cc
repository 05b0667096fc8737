#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/carry/layout.h"
#include "sigstore/codec/json.h"
#include "sigstore/content/check.h"
#include "sigstore/content/folder.h"

namespace sigstore::carry {
namespace {

constexpr const char* ref_name = "org.opencontainers.image.ref.name";
constexpr const char* save_kind = "kind";  // of real `cosign save`
constexpr const char* save_prefix = "dev.cosignproject.cosign/";

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
  [[nodiscard]] bool is_there(const oci::Descriptor& what) const;
  [[nodiscard]] std::string path_of(const oci::Digest& digest) const {
    return folder_ + "/" + content::blob_path(digest);
  }
  [[nodiscard]] std::optional<oci::Descriptor> entry(const Cargo& cargo, const Item& item) const;

  Files& files_;
  const std::string folder_, tag_;
  std::unique_ptr<FileLock> lock_;
};

// Of a run that was killed.
Result<void> LayoutTarget::remove_leftovers(const std::string& folder) {
  TRY(const auto names, files_.list(folder));
  for (const std::string& name : names)
    if (name.starts_with('.') && name.contains(".tmp-")) TRY_OK(files_.remove(folder + "/" + name));
  return {};
}

Result<void> LayoutTarget::begin(const Cargo&) {
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
  TRY(auto source, content.open());
  const auto reader = content::verifying(std::move(source), what.digest, what.size);
  TRY(const auto file, files_.create(path, 0644));
  TRY_OK(copy_stream(*reader, [&](BytesView piece) { return file->write(piece); }));
  TRY_OK(file->commit());
  return remote::Arrival::uploaded;
}

// What index.json says of an item; children of an index are found through it. Real cosign takes the first of
// each `kind` for that of the image: what hangs on others has a tag alone.
std::optional<oci::Descriptor> LayoutTarget::entry(const Cargo& cargo, const Item& item) const {
  oci::Descriptor entry = item.descriptor;
  const bool root = item.kind == Kind::image && entry.digest == cargo.root.digest;
  if (item.kind == Kind::image && !root) return std::nullopt;
  if (item.kind == Kind::referrer) return item.subject ? std::optional(entry) : std::nullopt;
  if (!item.blobs.empty()) entry.artifact_type = item.blobs[0].media_type;
  const std::string prefix = save_prefix;
  if (root) {
    entry.annotations[save_kind] = prefix + (oci::is_index(entry.media_type) ? "imageIndex" : "image");
    if (!tag_.empty()) entry.annotations[ref_name] = tag_;
    return entry;
  }
  entry.annotations[ref_name] = oci::attachment_tag(*item.subject, tag_suffix(item.kind));
  const bool of_root = *item.subject == cargo.root.digest;
  if (of_root && item.kind == Kind::signatures) entry.annotations[save_kind] = prefix + "sigs";
  if (of_root && item.kind == Kind::attestations) entry.annotations[save_kind] = prefix + "atts";
  return entry;
}

Result<void> LayoutTarget::finish(const Cargo& cargo) {
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  std::vector<std::pair<int, oci::Descriptor>> entries;  // the image, then its tags, then the rest
  for (const Item& item : cargo.items)
    if (auto entry = this->entry(cargo, item)) {
      const int order = item.kind == Kind::image ? 0 : entry->annotations.contains(save_kind) ? 1 : 2;
      entries.emplace_back(order, *std::move(entry));
    }
  std::ranges::stable_sort(entries, {}, [](const auto& entry) { return entry.first; });
  for (auto& [order, entry] : entries) index.manifests.push_back(std::move(entry));
  TRY(const auto document, codec::json::parse(index.write(), "index.json"));
  TRY_OK(files_.write_atomic(folder_ + "/oci-layout", R"({"imageLayoutVersion": "1.0.0"})", 0644));
  return files_.write_atomic(folder_ + "/index.json", codec::json::write_indented(document, 3), 0644);
}

}  // namespace

std::unique_ptr<Target> make_layout_target(Files& files, std::string folder, std::string tag) {
  return std::make_unique<LayoutTarget>(files, std::move(folder), std::move(tag));
}

}  // namespace sigstore::carry
