#include "sigstore/store/layout/entry.h"

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

// "sha256-<hex>" and what follows it; nullopt when the tag is not one that cosign or OCI gives to what hangs
// on an image. A prefix (--attachment-tag-prefix) may stand before it.
std::optional<std::string_view> attachment_suffix(std::string_view tag) {
  constexpr std::string_view start = "sha256-";
  constexpr std::size_t hex_length = 64;
  auto at = tag.rfind(start);
  if (at == std::string_view::npos || tag.size() < at + start.size() + hex_length) return std::nullopt;
  auto hex = tag.substr(at + start.size(), hex_length);
  if (hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  return tag.substr(at + start.size() + hex_length);
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
