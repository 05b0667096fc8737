#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/carry/layout.h"
#include "sigstore/codec/json.h"

namespace sigstore::carry {
namespace {

constexpr const char* ref_name = "org.opencontainers.image.ref.name";
constexpr const char* save_kind = "kind";  // of real `cosign save`
constexpr const char* save_prefix = "dev.cosignproject.cosign/";

// What index.json says of an item; children of an index are found through it. Real cosign takes the first of
// each `kind` for that of the image: what hangs on others has a tag alone.
std::optional<oci::Descriptor> index_entry(const Cargo& cargo, const Item& item, const std::string& tag) {
  oci::Descriptor entry = item.descriptor;
  const bool root = item.kind == Kind::image && entry.digest == cargo.root.digest;
  if (item.kind == Kind::image && !root) return std::nullopt;
  if (item.kind == Kind::referrer) return item.subject ? std::optional(entry) : std::nullopt;
  if (!item.blobs.empty()) entry.artifact_type = item.blobs[0].media_type;
  const std::string prefix = save_prefix;
  if (root) {
    entry.annotations[save_kind] = prefix + (oci::is_index(entry.media_type) ? "imageIndex" : "image");
    if (!tag.empty()) entry.annotations[ref_name] = tag;
    return entry;
  }
  entry.annotations[ref_name] = oci::attachment_tag(*item.subject, tag_suffix(item.kind));
  const bool of_root = *item.subject == cargo.root.digest;
  if (of_root && item.kind == Kind::signatures) entry.annotations[save_kind] = prefix + "sigs";
  if (of_root && item.kind == Kind::attestations) entry.annotations[save_kind] = prefix + "atts";
  return entry;
}

}  // namespace

Result<std::string> saved_index(const Cargo& cargo, const std::string& tag) {
  oci::Index index;
  index.media_type = oci::media_type::oci_index;
  std::vector<std::pair<int, oci::Descriptor>> entries;  // the image, then its tags, then the rest
  for (const Item& item : cargo.items)
    if (auto entry = index_entry(cargo, item, tag)) {
      const int order = item.kind == Kind::image ? 0 : entry->annotations.contains(save_kind) ? 1 : 2;
      entries.emplace_back(order, *std::move(entry));
    }
  std::ranges::stable_sort(entries, {}, [](const auto& entry) { return entry.first; });
  for (auto& [order, entry] : entries) index.manifests.push_back(std::move(entry));
  if (index.manifests.size() > limits::index_children)
    return fail(Code::too_large, "too much hangs on this image to be saved",
                std::to_string(index.manifests.size()) +
                    " manifests would stand in index.json, and at most " +
                    std::to_string(limits::index_children) + " are read again",
                "cosign copy takes all, from registry to registry");
  const auto document = codec::json::parse(index.write(), "index.json");
  auto text = codec::json::write_indented(document.value(), 3);
  if (text.size() > limits::manifest_bytes)
    return fail(Code::too_large, "too much hangs on this image to be saved",
                "index.json would have " + std::to_string(text.size()) + " bytes",
                "cosign copy takes all, from registry to registry");
  return text;
}

Result<void> expect_size(const std::string& what, std::uint64_t said, std::uint64_t had) {
  if (said == had) return {};
  return fail(Code::mismatch, "the content of " + what + " has another size than was said",
              std::to_string(had) + " bytes, not " + std::to_string(said));
}

}  // namespace sigstore::carry
