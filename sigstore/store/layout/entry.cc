#include "sigstore/store/layout/entry.h"

#include <algorithm>
#include <optional>

namespace sigstore::store {
namespace {

constexpr std::string_view ref_name = "org.opencontainers.image.ref.name";
constexpr std::string_view save_kind = "kind";  // real `cosign save`
constexpr std::string_view save_prefix = "dev.cosignproject.cosign/";

std::string annotation(const oci::Descriptor& descriptor, std::string_view key) {
  auto found = descriptor.annotations.find(std::string(key));
  return found == descriptor.annotations.end() ? std::string() : found->second;
}

// The annotation may hold a tag, or a whole reference that ends in one.
std::string tag_of(const std::string& name) {
  if (name.contains('@')) return {};
  auto colon = name.rfind(':');
  if (colon == std::string::npos) return name.contains('/') ? std::string() : name;
  auto tag = name.substr(colon + 1);
  return tag.contains('/') ? std::string() : tag;
}

// What follows "sha256-<hex>" in a tag; nullopt when the tag is not one that cosign or OCI gives to what
// hangs on an image. A prefix (--attachment-tag-prefix) may stand before it.
std::optional<std::string_view> attachment_suffix(std::string_view tag) {
  constexpr std::size_t least_hex = 64;
  auto at = std::max(tag.rfind("sha256-") + 1, tag.rfind("sha512-") + 1);
  if (at == 0) return std::nullopt;
  tag.remove_prefix(at + std::string_view("ha256-").size());
  auto hex = std::min(tag.find_first_not_of("0123456789abcdef"), tag.size());
  if (hex < least_hex) return std::nullopt;
  return tag.substr(hex);
}

LayoutEntry::Kind kind_of(std::string_view saved, std::string_view tag) {
  using enum LayoutEntry::Kind;
  if (saved.starts_with(save_prefix)) {
    saved.remove_prefix(save_prefix.size());
    if (saved == "sigs") return signatures;
    if (saved == "atts") return attestations;
    return saved == "image" || saved == "imageIndex" ? image : attached;
  }
  auto suffix = attachment_suffix(tag);
  if (!suffix) return image;
  if (*suffix == ".sig") return signatures;
  return *suffix == ".att" ? attestations : attached;
}

}  // namespace

LayoutEntry classify(oci::Descriptor descriptor) {
  auto tag = tag_of(annotation(descriptor, ref_name));
  auto kind = kind_of(annotation(descriptor, save_kind), tag);
  return {std::move(descriptor), kind, std::move(tag)};
}

}  // namespace sigstore::store
