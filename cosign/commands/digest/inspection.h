// What `docker image inspect` says about the digests under which an image was pushed or pulled. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/oci/reference.h"

namespace cosign {

struct InspectedImage {
  std::string name = "the image";                // its first tag, for messages
  std::vector<sigstore::oci::Reference> pushed;  // RepoDigests, each once, in order
  std::vector<std::string> tags;                 // RepoTags
};

// The JSON that docker, podman and nerdctl print, of one image or several; or RepoDigests alone, as a JSON
// array or a line each (`--format '{{range .RepoDigests}}{{println .}}{{end}}'`), which is one image.
// Errors: not_found when there is nothing or no image in it, malformed, too_large.
sigstore::Result<std::vector<InspectedImage>> parse_inspection(std::string_view text);

// The one digest of the image that is meant: in `repository` when one is named; else in the only repository
// there is, where Docker Hub counts only when there is no other. Code::not_found: not pushed yet;
// Code::conflict: several, with the line to type for each.
sigstore::Result<sigstore::oci::Reference> pushed_digest(
    const InspectedImage& image, const std::optional<sigstore::oci::Repository>& repository);

// A tag of the image in a registry of one's own, when it is only known from Docker Hub: tagged, not pushed.
std::optional<std::string> tagged_elsewhere(const InspectedImage& image,
                                            const sigstore::oci::Reference& chosen);

}  // namespace cosign
