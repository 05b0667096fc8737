// Taking away again what cosign put beside an image, in both formats: first a look that changes nothing, then
// the removal of what was seen. What others put there (notation's signatures, artifacts of other types)
// stays.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/attachments.h"

namespace sigstore::clean {

enum class Kind { signatures, attestations, sboms, bundles };
using Kinds = std::set<Kind>;

struct Place {
  oci::Repository repository;  // where it hangs: COSIGN_REPOSITORY, or the image's own
  oci::Digest subject;
  std::string tag_prefix;
};

struct Plan {
  struct Tag {
    std::string name;
    oci::Digest digest;  // what it names now
  };
  std::vector<Tag> tags;  // in the order in which they go: those of `--own-tags` before the shared
  std::vector<oci::Digest> referrers;  // their manifests
  std::vector<Tag> listing_tags;   // of --own-tags, for the list of referrers: gone when what they list is
  std::vector<std::string> notes;  // what was passed over or taken as absent
  std::vector<Error> failures;     // what could not be asked: it may be there
  [[nodiscard]] bool empty() const { return tags.empty() && referrers.empty(); }
};

// What there is of these kinds: the tags `.sig`, `.att`, `.sbom` with those that --own-tags made, and
// referrers. A bundle is a signature or an attestation by what its manifest says of it; one that says nothing
// is taken only with Kind::bundles, which is all bundles.
Plan look(remote::Registry& registry, const Place& place, const Kinds& kinds);

struct Report {
  std::vector<std::string> removed;  // "REPO:TAG", "REPO@DIGEST"
  std::vector<Error> failures;       // what is still there, and why
};

// Goes on after a failure. A registry that deletes nothing by tag is asked by digest, unless another tag
// names the same manifest and would go with it. The index of a fallback tag loses what was deleted and what
// is gone anyway, and nothing else.
Report remove(remote::Registry& registry, const Env& env, const Place& place, const Plan& plan);

}  // namespace sigstore::clean
