#include <map>

#include "sigstore/base/limits.h"
#include "sigstore/carry/layout.h"
#include "sigstore/carry/walk.h"

namespace sigstore::carry {
namespace {

using Entry = store::LayoutEntry;

class LayoutSource : public Source {
 public:
  LayoutSource(const store::Layout& layout, oci::Digest root, std::vector<store::LayoutReferrer> referrers)
      : layout_(layout), root_(std::move(root)) {
    for (auto& referrer : referrers) referrers_[referrer.subject].push_back(std::move(referrer.descriptor));
  }

  Result<remote::ManifestContent> manifest(const oci::Digest& digest, bool) override;
  Result<Hanging> hanging(const oci::Digest& subject) override;
  Result<std::unique_ptr<FileReader>> open(const Item&, const oci::Descriptor& blob) override;

 private:
  [[nodiscard]] std::optional<Kind> kind_of(const Entry& entry, const oci::Digest& subject) const;

  const store::Layout& layout_;
  const oci::Digest root_;
  std::map<oci::Digest, std::vector<oci::Descriptor>> referrers_;  // by subject
};

std::string type_of(const std::string& bytes) {
  const auto index = oci::Index::parse(bytes);
  if (index && (!index->manifests.empty() || oci::is_index(index->media_type)))
    return index->media_type.empty() ? std::string(oci::media_type::oci_index) : index->media_type;
  const auto manifest = oci::Manifest::parse(bytes);
  if (manifest && !manifest->media_type.empty()) return manifest->media_type;
  return std::string(oci::media_type::oci_manifest);
}

Result<remote::ManifestContent> LayoutSource::manifest(const oci::Digest& digest, bool) {
  TRY(const auto bytes, layout_.content().read(digest, limits::manifest_bytes));
  remote::ManifestContent content;
  content.bytes = *bytes;
  content.descriptor.digest = digest;
  content.descriptor.size = bytes->size();
  content.descriptor.media_type = type_of(*bytes);
  return content;
}

// A `.sig` of real `cosign save` does not say which image it belongs to: there is only one.
std::optional<Kind> LayoutSource::kind_of(const Entry& entry, const oci::Digest& subject) const {
  const auto fits = [&](Kind kind) {
    if (entry.tag.empty()) return subject == root_;
    return entry.tag.ends_with(oci::attachment_tag(subject, tag_suffix(kind)));
  };
  if (entry.kind == Entry::Kind::signatures && fits(Kind::signatures)) return Kind::signatures;
  if (entry.kind == Entry::Kind::attestations && fits(Kind::attestations)) return Kind::attestations;
  if (entry.kind == Entry::Kind::attached && !entry.tag.empty() && fits(Kind::sbom)) return Kind::sbom;
  return std::nullopt;
}

Result<Hanging> LayoutSource::hanging(const oci::Digest& subject) {
  Hanging hanging;
  for (const Entry& entry : layout_.entries()) {
    const auto kind = kind_of(entry, subject);
    if (!kind) continue;
    TRY(auto content, manifest(entry.descriptor.digest, true));
    hanging.tags.push_back({*kind, std::move(content)});
  }
  if (const auto known = referrers_.find(subject); known != referrers_.end())
    hanging.referrers = known->second;
  return hanging;
}

Result<std::unique_ptr<FileReader>> LayoutSource::open(const Item&, const oci::Descriptor& blob) {
  TRY(const auto size, layout_.content().size(blob.digest));
  if (size != blob.size)
    return fail(Code::mismatch, "the content of " + blob.digest.text() + " has another size than was said",
                std::to_string(size) + " bytes, not " + std::to_string(blob.size));
  return layout_.content().open(blob.digest);
}

// An image alone, whatever hangs on it.
class BareSource final : public LayoutSource {
 public:
  BareSource(const store::Layout& layout, oci::Digest root) : LayoutSource(layout, std::move(root), {}) {}
  Result<Hanging> hanging(const oci::Digest&) override { return Hanging{}; }
};

}  // namespace

Result<void> check_blobs(Source& source, const Cargo& cargo, const ByteSink& each) {
  for (const Item& item : cargo.items)
    for (const oci::Descriptor& blob : item.blobs) {
      TRY(const auto reader, source.open(item, blob));
      if (each) TRY_OK(copy_stream(*reader, each));
    }
  return {};
}

Result<void> check_image(const store::Layout& layout, const oci::Descriptor& image, const ByteSink& each) {
  BareSource source(layout, image.digest);
  TRY(const auto cargo, walk(source, image));
  return check_blobs(source, cargo, each);
}

Result<std::unique_ptr<Source>> make_layout_source(const store::Layout& layout, const oci::Digest& root) {
  std::vector<std::string> damaged;
  TRY(auto referrers, layout.referrers(&damaged));
  if (!damaged.empty()) return fail(Code::mismatch, damaged[0]);
  for (const Entry& entry : layout.entries()) TRY_OK(layout.content().size(entry.descriptor.digest));
  return std::make_unique<LayoutSource>(layout, root, std::move(referrers));
}

Result<oci::Descriptor> only_image(const store::Layout& layout) {
  auto images = layout.images();
  if (images.empty()) return fail(Code::not_found, "no image in the layout " + layout.path());
  if (images.size() == 1) return std::move(images[0]);
  return fail(Code::invalid_argument, layout.path() + " holds " + std::to_string(images.size()) + " images",
              "only a layout of one image can be loaded under one name");
}

}  // namespace sigstore::carry
