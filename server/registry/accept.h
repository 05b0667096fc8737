// What a manifest that is pushed says about itself (image-spec: manifest.md, image-index.md; Docker's schema
// 2). Bytes alone are looked at here: what must be there beside it is the registry's to know.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/registry/failure.h"
#include "sigstore/oci/manifest.h"

namespace server::registry {

struct Pushed {
  std::string media_type;
  std::vector<sigstore::oci::Descriptor> blobs;  // config and layers, but for those that come from elsewhere
  std::vector<sigstore::oci::Descriptor> elsewhere;  // foreign layers: they need not be here, but may be
  std::vector<sigstore::oci::Descriptor> children;   // manifests of an index
  std::optional<sigstore::oci::Descriptor> subject;
};

// `content_type` is the header's: parameters are ignored, and without one the document's own mediaType
// counts. MANIFEST_INVALID for any other kind of document, and for one that says two things at once.
Or<Pushed> read_pushed(const std::string& content_type, const std::string& bytes);

// A layer that need not be pushed: it names URLs, or has a type that says so.
bool is_foreign(const sigstore::oci::Descriptor& layer);

}  // namespace server::registry
