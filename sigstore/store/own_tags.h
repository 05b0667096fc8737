// A tag for each entry, beside the shared one: TAG-<16 hex digits of the entry's key>. Nobody else writes it,
// so it cannot be lost; the shared tag can be rebuilt from the list of these.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sigstore/store/shared_tag.h"

namespace sigstore::store {

class OwnTags {
 public:
  // All outlive this object.
  OwnTags(remote::Registry& registry, const oci::Repository& repository, const std::string& shared_tag)
      : registry_(registry), repository_(repository), shared_tag_(shared_tag) {}

  // Writes `entry` alone under its own tag.
  Result<void> publish(TagDocument& document, const TagEntry& entry);
  // The entries of all tags of this kind that were not gathered before. One that has gone meanwhile, or that
  // holds something else, is left out.
  Result<std::vector<TagEntry>> gather(const TagDocument& document);
  // What was left out.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  Result<std::vector<TagEntry>> read(const TagDocument& document, const std::string& tag);

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const std::string& shared_tag_;
  std::set<std::string> gathered_;
  std::vector<std::string> notes_;
};

// Whether `tag` is one of those of `shared_tag`.
bool is_own_tag(std::string_view tag, std::string_view shared_tag);

}  // namespace sigstore::store
