// The fallback tag as whoever repairs it sees it. Private to this room.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sigstore/store/referrers/index_reading.h"
#include "sigstore/store/referrers/referrer_lookup.h"
#include "sigstore/store/referrers/repair.h"
#include "sigstore/store/shared_tag.h"

namespace sigstore::store {

// What is to become of a reading.
struct IndexRepair {
  std::vector<RepairEntry> entries;  // of the list, in its order
  codec::json::Array kept;           // as they are to stand there
  std::vector<TagEntry> standing;    // the same, with their keys
  bool sound = true;                 // nothing has to change
};
// Fails where an entry can neither be read nor asked about: it may be good, and cannot stay as it is.
Result<IndexRepair> mend(const IndexReading& reading, ReferrerLookups& lookups);

// Every content is an index with what is good in it. It also holds an entry of its own, `sound`, as long as
// nothing in it has to change: to add that entry is to repair it.
class RepairedIndex final : public TagDocument {
 public:
  explicit RepairedIndex(ReferrerLookups& lookups) : lookups_(lookups) {}

  static TagEntry sound();
  static TagEntry entry_for(const oci::Descriptor& descriptor);

  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override;
  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override;

 private:
  ReferrerLookups& lookups_;
};

}  // namespace sigstore::store
