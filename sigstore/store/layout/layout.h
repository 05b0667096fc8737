// An OCI image layout (image-spec, image-layout.md) as a place where an image and its signatures live: what
// `cosign save` wrote, what skopeo and crane write, and what this program saves. Read only. Digests are
// recomputed, sizes and counts bounded; a layout from a stranger can make nothing but wrong statements.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/content/store.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::store {

// One entry of index.json.
struct LayoutEntry {
  // What it is, by the annotation `kind` of real `cosign save` or by its tag: an image or an index of images,
  // the manifest of a `.sig` or `.att` tag, or something else that hangs on an image (fallback index, SBOM).
  enum class Kind { image, signatures, attestations, attached };
  oci::Descriptor descriptor;
  Kind kind = Kind::image;
  std::string tag;  // org.opencontainers.image.ref.name, when that is (or ends in) a tag; else empty
};

// A manifest with a subject, wherever in the folder it lies: real `cosign save` lists bundles nowhere.
struct LayoutReferrer {
  oci::Digest subject;
  oci::Descriptor descriptor;  // artifactType and annotations as a referrers list shows them
};

// One thread at a time. `files` outlives it.
class Layout {
 public:
  // Code::not_found: no layout there; unsupported: a layout of another version; malformed; too_large.
  static Result<Layout> open(Files& files, std::string path);

  // Of parts that were read already (an archive): the text of oci-layout, which may be empty, and of
  // index.json.
  static Result<Layout> from(std::string path, std::string_view version, std::string_view index,
                             std::unique_ptr<content::Store> content);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::vector<LayoutEntry>& entries() const { return entries_; }
  [[nodiscard]] content::Store& content() const { return *content_; }
  // The images it holds, each once, in the order of index.json.
  [[nodiscard]] std::vector<oci::Descriptor> images() const;
  // Looks through all blobs that are small enough to be a manifest. `notes` names those that are damaged.
  Result<std::vector<LayoutReferrer>> referrers(std::vector<std::string>* notes = nullptr) const;
  // What is stored for an image: the layers of its `.sig` tag, or of its `.att` tag (Format::envelope), then
  // its bundles. A tag of real `cosign save` does not say which image it belongs to: it is listed for every
  // one, and its payload decides.
  Result<Listing> list(const oci::Digest& subject, Format tag = Format::simple_signing) const;

 private:
  Layout(std::string path, std::unique_ptr<content::Store> content)
      : path_(std::move(path)), content_(std::move(content)) {}
  Result<void> read_index(std::string_view text);
  Result<void> list_layers(const LayoutEntry& entry, Format format, Listing& listing,
                           std::size_t& left) const;

  std::string path_;
  std::unique_ptr<content::Store> content_;
  std::vector<LayoutEntry> entries_;
};

}  // namespace sigstore::store
