// Signatures in the tag `sha256-<hex>.sig` beside the image, attestations in `sha256-<hex>.att`: one layer
// each (cosign's SIGNATURE_SPEC.md, ATTESTATION_SPEC.md). The form that every cosign since 1.0, podman,
// skopeo, Harbor, policy-controller and Kyverno read.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/registry.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::store {

struct TagOptions {
  std::string prefix;               // --attachment-tag-prefix
  bool docker_media_types = false;  // COSIGN_DOCKER_MEDIA_TYPES; only for a tag that does not exist yet
  std::optional<Time>
      created;  // --record-creation-timestamp or SOURCE_DATE_EPOCH; else year 1, as the real one
  std::size_t max_attachment =
      limits::attachment_bytes;  // COSIGN_MAX_ATTACHMENT_SIZE; of all payloads together
  bool own_tags = false;         // see SharedTagOptions
};

// Thread-safe. `registry` and what `env` points to outlive the result.
std::unique_ptr<ArtifactStore> make_tag_store(remote::Registry& registry, const Env& env, TagOptions options);
// Takes bundles of in-toto statements alone.
std::unique_ptr<ArtifactStore> make_attestation_store(remote::Registry& registry, const Env& env,
                                                      TagOptions options);

}  // namespace sigstore::store
