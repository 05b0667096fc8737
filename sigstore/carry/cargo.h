// An image with all that hangs on it, as a list of what has to be carried, in an order that can be kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/oci/manifest.h"

namespace sigstore::carry {

// What a manifest is to the image: itself or one of its children; the content of a tag `.sig`, `.att` or
// `.sbom`; or a referrer (or the child of an index that is one).
enum class Kind { image, signatures, attestations, sbom, referrer };
std::string_view tag_suffix(Kind kind);  // ".sig"; empty for what is no tag

// One manifest.
struct Item {
  Kind kind = Kind::image;
  oci::Descriptor descriptor;          // media type, digest, size; of a referrer artifactType and annotations
  std::optional<oci::Digest> subject;  // what it hangs on; nullopt for an image
  std::vector<oci::Descriptor> blobs;  // config and layers; not those that are fetched from elsewhere
  std::string bytes;                   // empty: to be read again from where it is
  std::size_t wave = 0;  // carried after all of lower waves: children before parents, subjects first
};

struct Cargo {
  oci::Descriptor root;                       // what was asked for
  std::vector<Item> items;                    // by wave
  std::vector<std::string> notes;             // what was passed over or taken as absent
  [[nodiscard]] std::uint64_t bytes() const;  // of all blobs, each once
};

}  // namespace sigstore::carry
