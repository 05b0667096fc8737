// Signatures as referrers of the image: a manifest with `subject` whose one layer is a sigstore bundle, found
// by the referrers API or, where a registry has none, by the fallback tag `sha256-<hex>`
// (distribution-spec 1.1, "Listing referrers"; cosign 3's default form).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::store {

struct ReferrersOptions {
  std::optional<Time> created;  // SOURCE_DATE_EPOCH; else now
  std::size_t max_attachment =
      limits::attachment_bytes;  // COSIGN_MAX_ATTACHMENT_SIZE; of all bundles together
  bool own_tags = false;         // see SharedTagOptions; for the fallback tag
};

// Thread-safe. `registry` and what `env` points to outlive the result.
//
// list() asks the referrers API and, when there is none or it lists no bundle, the fallback tag: some
// registries answer 200 with a list that they do not maintain. That is four requests for a bundle that the
// API lists (`.sig` included), five for one in the fallback tag. put() asks the API whether it lists the new
// manifest, whatever the answer to the upload claimed, and writes the fallback tag unless it does.
std::unique_ptr<ArtifactStore> make_referrers_store(remote::Registry& registry, const Env& env,
                                                    ReferrersOptions options);

}  // namespace sigstore::store
