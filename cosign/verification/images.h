// The walk that `verify`, `manifest verify` and `dockerfile verify` share: from the flags and the images to
// results on the terminal and an exit code.
#pragma once

#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "cosign/verification/image_flags.h"
#include "cosign/verification/results.h"

namespace cosign {

// Verifies `images` as `flags` say and prints it: all successes first, then each failure. The exit code is
// that of the first image that failed. `example` is a line that works, for whoever left out the key. An error
// is one where nothing could be checked; with --output report that is reported too.
sigstore::Result<int> verify_images(Session& session, const ImageFlags& flags,
                                    const std::vector<std::string>& images, const std::string& example);

// The same for what came before: `error`, once it stands in a report where --output says so.
std::unexpected<sigstore::Error> report_failure(Session& session, const ImageFlags& flags,
                                                const sigstore::Error& error);

}  // namespace cosign
