// Lists of a registry, page by page: referrers and tags (distribution-spec, "Content Discovery"). A page is
// followed on the registry's own origin only, and no page twice.
#pragma once

#include <string>
#include <vector>

#include "sigstore/remote/registry/client.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::remote {

// The verbs of Registry; see there. `truncated` is also set where a page was not followed.
Result<ReferrersAnswer> list_referrers(Client& client, const oci::Repository& repository,
                                       const oci::Digest& digest);
// The whole list or an error: who asks wants to know what is not there. Code::too_large above limits::tags
// and limits::referrer_pages pages; malformed for a page that leads elsewhere.
Result<std::vector<std::string>> list_tags(Client& client, const oci::Repository& repository);

}  // namespace sigstore::remote
