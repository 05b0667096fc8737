// A tag for each entry, beside the shared one: TAG-<16 hex digits of the entry's key>. Nobody else writes it,
// so it cannot be lost; the shared tag can be rebuilt from the list of these.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "sigstore/store/shared_tag.h"

namespace sigstore::store {

class OwnTags {
 public:
  // All outlive this object. `at_once`: requests at a time.
  OwnTags(remote::Registry& registry, const oci::Repository& repository, const std::string& shared_tag,
          int at_once)
      : registry_(registry), repository_(repository), shared_tag_(shared_tag), at_once_(at_once) {}

  // Writes `entry` alone under its own tag.
  Result<void> publish(TagDocument& document, const TagEntry& entry);
  // The entries of the tags of this kind that were not gathered before, at most limits::own_tags in all: no
  // one can keep a signer busy with as many as they like. One that has gone meanwhile, or that holds
  // something else, is left out.
  Result<std::vector<TagEntry>> gather(const TagDocument& document);
  // What was left out.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  Result<std::vector<std::string>> wanted();
  Result<void> read(const TagDocument& document, std::span<const std::string> tags,
                    std::vector<TagEntry>& entries);
  Result<std::vector<TagEntry>> take(const TagDocument& document, const std::string& tag,
                                     const Result<remote::ManifestContent>& content);
  void leave(std::size_t tags);

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const std::string& shared_tag_;
  const int at_once_;
  std::set<std::string> gathered_;
  std::size_t bytes_ = 0;  // of what was gathered
  bool left_ = false;      // that some are not read has been noted
  std::vector<std::string> notes_;
};

// Whether `tag` is one of those of `shared_tag`.
bool is_own_tag(std::string_view tag, std::string_view shared_tag);

}  // namespace sigstore::store
