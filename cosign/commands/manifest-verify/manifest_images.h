// The images that the objects in a manifest of Kubernetes would run: a pure reading of its text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace cosign {

struct ManifestImages {
  std::vector<std::string> images;  // references as they stand, in order; one that stands twice is there once
  std::vector<std::string> notes;   // what looks like an image and is not among them, and why
};

// `text` is YAML of any number of documents, or JSON. A pod's images are those of its initContainers,
// containers, ephemeralContainers and volumes (image.reference); pods are looked for at any place of any kind
// of object, also in lists, but not in an object's status. `name` is the file's, for messages.
//
// Code::malformed for a text that cannot be read, or an image that is no reference, with its place;
// Code::too_large above a bound of limits.h.
sigstore::Result<ManifestImages> images_of_manifest(std::string_view text, const std::string& name);

}  // namespace cosign
