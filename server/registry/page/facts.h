// What an image says of itself, in its manifest and its configuration.
#pragma once

#include <string>
#include <vector>

#include "server/registry/page/local_registry.h"

namespace server::registry::page {

struct Facts {
  enum class Kind { image, index, artifact };
  Kind kind = Kind::image;
  sigstore::oci::Descriptor descriptor;  // media type, digest and size of the manifest
  std::string artifact_type;             // of an artifact, and of an index that says so
  std::vector<std::string> platforms;    // "linux/amd64"; of an index those of its children, each once
  std::uint64_t bytes = 0;               // configuration and layers; of an index 0
  std::string created;                   // as the configuration or an annotation claims
  sigstore::oci::Annotations annotations;
  std::vector<sigstore::oci::Descriptor> parts;    // layers; of an index its children
  std::optional<sigstore::oci::Digest> subject{};  // what it hangs on
};

// Code::not_found; what is wrong with the manifest; beyond the budget as LocalRegistry. A configuration that
// cannot be read is left out.
sigstore::Result<Facts> read_facts(LocalRegistry& registry, const sigstore::oci::Repository& repository,
                                   const std::string& tag_or_digest);

}  // namespace server::registry::page
