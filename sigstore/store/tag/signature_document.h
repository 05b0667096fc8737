// The manifest under a `.sig` or `.att` tag: an image manifest with one layer per signature or attestation
// (cosign's SIGNATURE_SPEC.md).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sigstore/store/shared_tag.h"

namespace sigstore::store {

class SignatureDocument final : public TagDocument {
 public:
  // For a tag that does not exist yet: Docker's media types instead of OCI's. `created` is the config's
  // time; without it year 1, as the real one writes. Both references outlive this object. Layers of a digest
  // in `replaced` are not seen, and not kept.
  SignatureDocument(remote::Registry& registry, const oci::Repository& repository, bool docker_media_types,
                    std::optional<Time> created, std::set<oci::Digest> replaced = {});

  Result<std::vector<TagEntry>> entries(const remote::ManifestContent& current) const override;
  // Uploads the config of the draft: a layer more is a diff_id and a history entry more.
  Result<Draft> append(const remote::ManifestContent* current, const std::vector<TagEntry>& added) override;

  // Two layers are the same signature when everything about them is equal.
  static TagEntry entry_for(const oci::Descriptor& layer);

 private:
  [[nodiscard]] codec::json::Value empty() const;
  Result<codec::json::Value> push_config(const std::string& type, const codec::json::Array& layers);

  remote::Registry& registry_;
  const oci::Repository& repository_;
  const bool docker_media_types_;
  const std::optional<Time> created_;
  const std::set<oci::Digest> replaced_;
};

}  // namespace sigstore::store
