// All that hangs on an image, in both formats and from whoever put it there: the tags `.sig`, `.att` and
// `.sbom` beside it, and its referrers, of the API and of the fallback tag alike. Manifests alone are read.
#pragma once

#include <string>
#include <vector>

#include "sigstore/remote/registry/registry.h"

namespace sigstore::store {

struct Attachment {
  enum class Kind { attestations, signatures, sboms, referrer };
  Kind kind = Kind::referrer;
  std::string location;        // "REPO:sha256-….sig"; "REPO@sha256:…" of a referrer
  oci::Descriptor descriptor;  // of its manifest; annotations are the manifest's own
  // Of a referrer: the predicate type that it claims, else its artifact type. Empty for tags.
  std::string type;
  std::vector<oci::Descriptor> layers;  // of an index its children
};
std::string_view name(Attachment::Kind kind);  // "attestations", "signatures", "sboms", "referrer"

struct Attachments {
  // Tags first (attestations, signatures, SBOMs), then referrers by time of creation and digest: the same
  // content always comes in the same order.
  std::vector<Attachment> found;
  std::vector<std::string> notes;  // what was passed over or taken as absent
  std::vector<Error> failures;     // what could not be asked: it may be there
  bool truncated = false;          // more than limits::referrers: the rest was not looked at
};

// What to look for; each of them costs requests.
struct AttachmentKinds {
  bool attestations = true, signatures = true, sboms = true, referrers = true;
};

// Looks in `repository` (where the signatures are: COSIGN_REPOSITORY may have moved it from the image's).
// Everything at once: three tags, the referrers API, the fallback tag, then one manifest per referrer.
Attachments list_attachments(remote::Registry& registry, const oci::Repository& repository,
                             const oci::Digest& subject, const std::string& tag_prefix,
                             const AttachmentKinds& wanted = {});

}  // namespace sigstore::store
