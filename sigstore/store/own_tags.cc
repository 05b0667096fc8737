#include "sigstore/store/own_tags.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"
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

void OwnTags::leave(std::size_t tags) {
  if (std::exchange(left_, true)) return;
  notes_.push_back(repository_.text() + " has " + std::to_string(tags) + " more tags like " + shared_tag_ +
                   "-0123456789abcdef than are read; what they hold is not put back on " + shared_tag_ +
                   " if it is lost there");
}

// Anybody who may push can make a tag of such a name: what is no entry must not keep others from signing.
Result<std::vector<TagEntry>> OwnTags::take(const TagDocument& document, const std::string& tag,
                                            const Result<remote::ManifestContent>& content) {
  if (!content && content.error().code == Code::not_found) return std::vector<TagEntry>{};
  if (!content) return fail(content.error().wrap("cannot read the tag " + tag + " of " + repository_.text()));
  auto held = document.entries(*content);
  if (!held && is_lookup_failure(held.error().code)) return fail(held.error());
  if (!held) {
    notes_.push_back("the tag " + tag + " holds something else and was passed over");
    held = std::vector<TagEntry>{};
  }
  bytes_ += content->bytes.size();
  gathered_.insert(tag);
  return held;
}

// Several requests at a time; a document of the caller's is for one thread.
Result<void> OwnTags::read(const TagDocument& document, std::span<const std::string> tags,
                           std::vector<TagEntry>& entries) {
  std::vector<std::optional<Result<remote::ManifestContent>>> contents(tags.size());
  parallel(tags.size(), at_once_,
           [&](std::size_t i) { contents[i] = registry_.manifest(repository_, tags[i]); });
  for (std::size_t i = 0; i < tags.size(); ++i) {
    TRY(auto held, take(document, tags[i], *contents[i]));
    std::ranges::move(held, std::back_inserter(entries));
  }
  return {};
}

Result<std::vector<std::string>> OwnTags::wanted() {
  auto tags = registry_.tags(repository_);
  if (!tags) {
    const Error& error = tags.error();
    const Error said = error.wrap("cannot list the tags of " + repository_.text() +
                                  ", which tags of each signer's own need");
    const bool refused = error.code == Code::unauthorized || error.code == Code::forbidden;
    return fail(refused ? said.with_hint("sign without --own-tags, or with an account that may list tags")
                        : said);
  }
  std::erase_if(*tags, [&](const std::string& tag) {
    return !is_own_tag(tag, shared_tag_) || gathered_.contains(tag);
  });
  const std::size_t room = limits::own_tags - std::min(limits::own_tags, gathered_.size());
  if (tags->size() <= room) return tags;
  leave(tags->size() - room);
  tags->resize(room);
  return tags;
}

Result<std::vector<TagEntry>> OwnTags::gather(const TagDocument& document) {
  TRY(const auto tags, wanted());
  std::vector<TagEntry> entries;
  for (std::span<const std::string> left = tags; !left.empty();) {
    if (bytes_ >= limits::own_tags_bytes) {
      leave(left.size());
      break;
    }
    const std::size_t next = std::min(left.size(), static_cast<std::size_t>(at_once_));
    TRY_OK(read(document, left.first(next), entries));
    left = left.subspan(next);
  }
  return entries;
}

}  // namespace sigstore::store
