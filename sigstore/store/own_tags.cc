#include "sigstore/store/own_tags.h"

#include <algorithm>

namespace sigstore::store {
namespace {

constexpr std::size_t name_digits = 16;

}  // namespace

bool is_own_tag(std::string_view tag, std::string_view shared_tag) {
  if (tag.size() != shared_tag.size() + 1 + name_digits || !tag.starts_with(shared_tag)) return false;
  return tag[shared_tag.size()] == '-' &&
         tag.find_first_not_of("0123456789abcdef", shared_tag.size() + 1) == std::string_view::npos;
}

Result<void> OwnTags::publish(TagDocument& document, const TagEntry& entry) {
  const oci::Digest name = oci::Digest::sha256(entry.key);
  const std::string tag = shared_tag_ + "-" + std::string(name.hex().substr(0, name_digits));
  TRY(auto draft, document.append(nullptr, {entry}));
  auto put = registry_.push_manifest(repository_, tag, draft.media_type, draft.bytes);
  if (!put) return fail(put.error().wrap("cannot write the tag " + tag + " of " + repository_.text()));
  gathered_.insert(tag);
  return {};
}

Result<std::vector<TagEntry>> OwnTags::gather(const TagDocument& document) {
  std::vector<TagEntry> entries;
  TRY(const auto tags, registry_.tags(repository_));
  for (const std::string& tag : tags) {
    if (!is_own_tag(tag, shared_tag_) || gathered_.contains(tag)) continue;
    auto content = registry_.manifest(repository_, tag);
    if (!content && content.error().code == Code::not_found) continue;
    if (!content) return fail(content.error());
    TRY(auto held, document.entries(*content));
    std::ranges::move(held, std::back_inserter(entries));
    gathered_.insert(tag);
  }
  return entries;
}

}  // namespace sigstore::store
