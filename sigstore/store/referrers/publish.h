// Referrers of any kind, on any registry: published so that every reader finds them, and taken off the list
// again. The one place that knows whether the registry lists them itself (distribution-spec 1.1, "Referrers
// Tag Schema").
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

struct PublishOptions {
  std::string what = "the referrer";  // in messages
  std::string refused_hint;           // what to try where no manifest with a subject is taken
  bool own_tags = false;              // see SharedTagOptions; for the fallback tag
  std::set<oci::Digest> replaced;     // leaves the list of the fallback tag in the same write
};

struct Published {
  oci::Digest digest;
  std::string location;            // "REPO@sha256:…"
  std::vector<std::string> notes;  // what the person should know
};

// Pushes a manifest that has a subject and whose blobs are there, and makes sure that it is listed. Whatever
// the answer to the upload claimed, the API is asked whether it lists it; unless it does, the fallback tag
// is written.
Result<Published> publish_referrer(remote::Registry& registry, const Env& env,
                                   const oci::Repository& repository, const oci::Manifest& manifest,
                                   const PublishOptions& options);

// Makes sure that these manifests, which are there, are listed as referrers of `subject`: those that the
// API does not list get into the index of the fallback tag, in one write. The descriptors are as a list
// shows them (oci::referrer_descriptor). Returns what the person should know.
Result<std::vector<std::string>> list_referrers(remote::Registry& registry, const Env& env,
                                                const oci::Repository& repository, const oci::Digest& subject,
                                                const std::vector<oci::Descriptor>& referrers,
                                                const PublishOptions& options);

// Takes manifests that were deleted off the index of the fallback tag, and with them whatever else it lists
// that is not there any more; entries of others stay, also those that come in meanwhile. The index stays
// when it becomes empty. A registry without that tag, or with something else under it, is left alone.
Result<void> delist_referrers(remote::Registry& registry, const Env& env, const oci::Repository& repository,
                              const oci::Digest& subject, const std::set<oci::Digest>& deleted);

}  // namespace sigstore::store
