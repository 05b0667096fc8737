// The images that a build of a Dockerfile would pull: a pure reading of its text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cosign/commands/dockerfile-verify/names.h"

namespace cosign {

struct DockerfileImages {
  std::vector<std::string> images;   // references with their variables expanded, in order, each once
  std::optional<std::string> base;   // what the last stage is built on, through all stages; nullopt: scratch
  std::vector<std::string> ignored;  // "- scratch image ignored", as the original says it
  std::vector<std::string> notes;    // what is an image too and not among them
};

// Of every stage: FROM, `COPY --from=` and `RUN --mount=from=`, but not what names a stage. `name` is the
// file's, for messages.
//
// Code::malformed for what Docker would not build either, with the line; Code::not_found for a variable
// without a value; Code::too_large above a bound of limits.h.
sigstore::Result<DockerfileImages> images_of_dockerfile(std::string_view text, const std::string& name,
                                                        const BuildInputs& inputs);

}  // namespace cosign
