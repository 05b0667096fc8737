#include "server/registry/entry.h"

namespace server::registry {

sigstore::Result<ManifestEntry> make_entry(const sigstore::oci::Digest& digest, const std::string& media_type,
                                           const std::string& bytes,
                                           const std::optional<sigstore::oci::Descriptor>& subject) {
  ManifestEntry entry;
  entry.descriptor.media_type = media_type;
  entry.descriptor.digest = digest;
  entry.descriptor.size = bytes.size();
  if (!subject) return entry;
  entry.subject = subject->digest;
  TRY(entry.referrer, sigstore::oci::referrer_descriptor(bytes, media_type));
  entry.referrer->digest = digest;  // as it was sent, which need not be sha256
  return entry;
}

}  // namespace server::registry
