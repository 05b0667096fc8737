// What one run has seen of a tag that many write: which entries belong on it, and what a look at it shows.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sigstore/store/shared_tag.h"

namespace sigstore::store {

struct TagComparison {
  std::vector<TagEntry> missing;  // ours, and entries seen before, that are not there
  bool ours = false;              // all of ours are there
  bool news = false;              // an entry is there that was not known
  bool lost = false;              // an entry that was there is not any more
};

class TagHistory {
 public:
  explicit TagHistory(const std::vector<TagEntry>& ours);

  // An entry that belongs on the tag, wherever it was found.
  void remember(const TagEntry& entry);
  // What stands on the tag now, against all that was seen before. The first look has neither news nor losses.
  TagComparison compare(const std::vector<TagEntry>& standing);
  // These were written to the tag: if they are not there at the next look, they were lost.
  void wrote(const std::vector<TagEntry>& entries);

 private:
  std::set<std::string> ours_;   // keys
  std::vector<TagEntry> known_;  // in the order they were first seen, ours first
  std::set<std::string> known_keys_;
  std::set<std::string> stood_;  // keys that were on the tag at some time
  bool looked_ = false;
};

}  // namespace sigstore::store
