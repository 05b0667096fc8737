// What nothing needs any more, found and removed. Only while nobody else works on the folder.
//
// Kept is: what an ordinary tag names; what is younger than a grace period; and, unless `untagged`, every
// other manifest that is no signature. With a manifest its children, its blobs, and its signatures are kept:
// referrers, and what its tags sha256-HEX, .sig, .att and .sbom name. A signature stays as long as its
// subject is anywhere in the registry.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "server/registry/catalogue.h"
#include "sigstore/base/env.h"
#include "sigstore/content/store.h"

namespace server::registry {

struct GcOptions {
  bool untagged = false;       // also manifests that no tag, no kept index and no kept subject holds
  bool keep_detached = false;  // signatures stay although their subject is not in this registry
  std::chrono::nanoseconds older_than = std::chrono::hours(24);
};

// One entry of a repository that is not needed.
struct Removal {
  enum class Kind { tag, manifest, blob };
  Kind kind = Kind::blob;
  std::string repository;
  std::string name;  // a tag or digest
  std::string why;
};

struct Garbage {
  sigstore::oci::Digest digest;
  std::uint64_t size = 0;
};

struct GcPlan {
  std::vector<Removal> entries;   // in the order in which they may go: an index before its children
  std::vector<Garbage> contents;  // that no entry names once those are gone
};

// Changes nothing: the index is as before when it returns. `folder` is the registry's. Code::mismatch and
// not_found when a manifest's content is damaged or lost: what it needs is not known then.
sigstore::Result<GcPlan> plan_gc(const sigstore::Env& env, const std::string& folder,
                                 sigstore::content::Store& content, Index& index, const GcOptions& options);

// Does it: entries first, then content, so that whoever is killed in between leaves a registry in which
// everything that is named is there. What killed uploads left goes too.
sigstore::Result<void> collect(const sigstore::Env& env, const std::string& folder,
                               sigstore::content::Store& content, Catalogue& catalogue, const GcPlan& plan);

}  // namespace server::registry
