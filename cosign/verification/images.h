// The walk that `verify`, `manifest verify` and `dockerfile verify` share: from the flags and the images to
// results on the terminal and an exit code.
#pragma once

#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "cosign/verification/image_flags.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

// The exit code of an image that did not pass (cosign/ui/exit_codes.h); ui::exit_ok of one that did.
int exit_code(const sigstore::check::ImageResult& result);

// Errors become what a person should read (Session::explain).
void explain_all(const Session& session, std::vector<sigstore::check::ImageResult>& results);

// `report` on stdout, at once: also one about a failure, since an older report must not stand for this run.
void publish_report(Session& session, const std::string& report);

// Verifies `images` as `flags` say and prints it: all successes first, then each failure. The exit code is
// that of the first image that failed. `example` is a line that works, for whoever left out the key. An error
// is one where nothing could be checked; with --output report that is reported too.
sigstore::Result<int> verify_images(Session& session, const ImageFlags& flags,
                                    const std::vector<std::string>& images, const std::string& example);

// The same for what came before: `error`, once it stands in a report where --output says so.
std::unexpected<sigstore::Error> report_failure(Session& session, const ImageFlags& flags,
                                                const sigstore::Error& error);

}  // namespace cosign
