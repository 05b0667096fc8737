#include "sigstore/store/own_tags.h"

#include <algorithm>

#include "sigstore/store/artifact_store.h"

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

// Anybody who may push can make a tag of such a name: what is no entry must not keep others from signing.
Result<std::vector<TagEntry>> OwnTags::read(const TagDocument& document, const std::string& tag) {
  auto content = registry_.manifest(repository_, tag);
  if (!content && content.error().code == Code::not_found) return std::vector<TagEntry>{};
  if (!content) return fail(content.error().wrap("cannot read the tag " + tag + " of " + repository_.text()));
  auto held = document.entries(*content);
  if (!held && is_lookup_failure(held.error().code)) return fail(held.error());
  if (!held) {
    notes_.push_back("the tag " + tag + " holds something else and was passed over");
    held = std::vector<TagEntry>{};
  }
  gathered_.insert(tag);
  return held;
}

Result<std::vector<TagEntry>> OwnTags::gather(const TagDocument& document) {
  std::vector<TagEntry> entries;
  const auto tags = registry_.tags(repository_);
  if (!tags)
    return fail(tags.error().wrap("cannot list the tags of " + repository_.text() +
                                  ", which tags of each signer's own need"));
  for (const std::string& tag : *tags) {
    if (!is_own_tag(tag, shared_tag_) || gathered_.contains(tag)) continue;
    TRY(auto held, read(document, tag));
    std::ranges::move(held, std::back_inserter(entries));
  }
  return entries;
}

}  // namespace sigstore::store
