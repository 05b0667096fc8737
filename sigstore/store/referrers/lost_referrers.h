// Referrers of an image wherever they may be found when its list has lost them. Private to this room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/referrers/index_reading.h"
#include "sigstore/store/referrers/referrer_lookup.h"

namespace sigstore::store {

struct FoundReferrer {
  oci::Digest digest;
  std::string where;  // "the tag sha256-…-0123456789abcdef"
};

struct FoundReferrers {
  bool api = false;                  // the registry lists referrers itself, and
  std::vector<oci::Digest> listed;   // these
  std::vector<FoundReferrer> found;  // each once; the first place counts
  std::vector<std::string> notes;
  std::vector<Error> failures;  // what could not be asked
};

// Looks through the tag's own content (what `reading` only mentions, and whether `content` is itself a
// referrer), all tags of the repository, `also` and the referrers API. Code::invalid_argument for an `also`
// that is neither a referrer of `subject` nor a list of them.
Result<FoundReferrers> find_referrers(remote::Registry& registry, const oci::Repository& repository,
                                      const oci::Digest& subject, const IndexReading& reading,
                                      const std::optional<remote::ManifestContent>& content,
                                      const std::vector<oci::Digest>& also, ReferrerLookups& lookups);

}  // namespace sigstore::store
