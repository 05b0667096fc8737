// Descriptors, manifests and indexes (OCI image-spec 1.1), read tolerantly and written as Go writes them.
// Unknown members survive a round trip, so that merging into a shared tag never drops what others wrote.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/codec/json.h"
#include "sigstore/oci/digest.h"
#include "sigstore/oci/platform.h"

namespace sigstore::oci {

namespace media_type {
inline constexpr std::string_view oci_manifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view oci_index = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view oci_config = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view oci_empty = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view docker_index = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view docker_config = "application/vnd.docker.container.image.v1+json";
inline constexpr std::string_view simple_signing = "application/vnd.dev.cosign.simplesigning.v1+json";
inline constexpr std::string_view dsse = "application/vnd.dsse.envelope.v1+json";
inline constexpr std::string_view bundle_v03 = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view bundle_prefix = "application/vnd.dev.sigstore.bundle";
inline constexpr std::string_view signature_artifact = "application/vnd.dev.cosign.artifact.sig.v1+json";
inline constexpr std::string_view sbom_artifact = "application/vnd.dev.cosign.artifact.sbom.v1+json";
}  // namespace media_type

bool is_index(std::string_view media_type);
bool is_manifest(std::string_view media_type);  // an image manifest, OCI or Docker

using Annotations = std::map<std::string, std::string>;

struct Descriptor {
  std::string media_type;
  Digest digest;
  std::uint64_t size = 0;
  std::string artifact_type;
  Annotations annotations;
  std::optional<Platform> platform;
  codec::json::Object extra;  // members not named above, in order

  // Needs a digest and a size. At most limits::annotations.
  static Result<Descriptor> from_json(const codec::json::Value& value, std::string_view what);
  // Go's order: mediaType, size, digest, data/urls (extra), annotations, platform, artifactType.
  [[nodiscard]] codec::json::Value to_json() const;
  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

struct Manifest {
  std::string media_type;  // as in the document; may be empty in old OCI manifests
  Descriptor config;
  std::vector<Descriptor> layers;
  Annotations annotations;
  std::optional<Descriptor> subject;
  std::string artifact_type;
  codec::json::Object extra;

  // At most limits::layers_per_manifest * 4 layers. A document that is also an index is refused: two readers
  // would see two things under one digest. A missing config is the default Descriptor.
  static Result<Manifest> parse(std::string_view json);
  // Go's order: schemaVersion, mediaType, config, layers, annotations, subject, artifactType, then extra.
  [[nodiscard]] std::string write() const;
  // artifactType, else config.artifactType (real cosign puts it there), else config.mediaType.
  [[nodiscard]] std::string effective_artifact_type() const;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

struct Index {
  std::string media_type;
  std::vector<Descriptor> manifests;
  Annotations annotations;
  std::optional<Descriptor> subject;
  std::string artifact_type;
  codec::json::Object extra;

  // At most limits::index_children. A document that is also a manifest is refused.
  static Result<Index> parse(std::string_view json);
  [[nodiscard]] std::string write() const;
  friend bool operator==(const Index&, const Index&) = default;
};

// The descriptor that a referrers list shows for a manifest (distribution-spec: artifactType of the manifest,
// or its config's media type; annotations copied).
Result<Descriptor> referrer_descriptor(std::string_view manifest_json, std::string_view media_type);

// Tag names beside an image: "sha256-<hex>" + suffix.
std::string attachment_tag(const Digest& digest, std::string_view suffix, std::string_view prefix = {});

}  // namespace sigstore::oci
