// What a registry knows about one manifest of a repository, beside its content.
#pragma once

#include <optional>

#include "sigstore/oci/manifest.h"

namespace server::registry {

struct ManifestEntry {
  sigstore::oci::Descriptor descriptor;  // media type, digest, size
  std::optional<sigstore::oci::Digest> subject;
  std::optional<sigstore::oci::Descriptor> referrer;  // as a referrers list shows it; with a subject only

  friend bool operator==(const ManifestEntry&, const ManifestEntry&) = default;
};

// Of a manifest's bytes; `subject` is the one that they name.
sigstore::Result<ManifestEntry> make_entry(const sigstore::oci::Digest& digest, const std::string& media_type,
                                           const std::string& bytes,
                                           const std::optional<sigstore::oci::Descriptor>& subject);

}  // namespace server::registry
