#include "sigstore/store/tag_history.h"

#include <algorithm>
#include <utility>

namespace sigstore::store {

TagHistory::TagHistory(const std::vector<TagEntry>& ours) {
  for (const TagEntry& entry : ours) {
    ours_.insert(entry.key);
    remember(entry);
  }
}

void TagHistory::remember(const TagEntry& entry) {
  if (known_keys_.insert(entry.key).second) known_.push_back(entry);
}

void TagHistory::wrote(const std::vector<TagEntry>& entries) {
  for (const TagEntry& entry : entries) stood_.insert(entry.key);
}

TagComparison TagHistory::compare(const std::vector<TagEntry>& standing) {
  TagComparison found;
  std::set<std::string> keys;
  for (const TagEntry& entry : standing) {
    keys.insert(entry.key);
    found.news = found.news || !known_keys_.contains(entry.key);
    remember(entry);
  }
  for (const TagEntry& entry : known_) {
    if (keys.contains(entry.key)) continue;
    found.lost = found.lost || stood_.contains(entry.key);
    found.missing.push_back(entry);
  }
  found.ours = std::ranges::includes(keys, ours_);
  stood_.insert(keys.begin(), keys.end());
  if (!std::exchange(looked_, true)) found.news = found.lost = false;
  return found;
}

}  // namespace sigstore::store
