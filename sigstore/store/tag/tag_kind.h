// What the layers of a tag beside an image are, both ways. Private to this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/bundle/bundle.h"
#include "sigstore/oci/manifest.h"
#include "sigstore/store/artifact_store.h"

namespace sigstore::store {

struct TagLayer {
  std::string blob;
  oci::Annotations annotations;
};

struct TagKind {
  Format format;
  std::string_view suffix;      // of the tag
  std::string_view things;      // that it holds
  std::string_view media_type;  // of their layers
  // Code::invalid_argument for a bundle of another kind.
  Result<TagLayer> (*layer)(const bundle::Bundle& bundle);
  // All that a layer holds; there may be several.
  Result<std::vector<bundle::Bundle>> (*bundles)(std::string blob, const oci::Annotations& annotations,
                                                 std::size_t most);
};

extern const TagKind signatures, attestations;

}  // namespace sigstore::store
