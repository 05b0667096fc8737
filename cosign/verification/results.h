// How what was checked is told, whatever it was: results on the terminal, and an exit code.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

// The exit code of an image that did not pass (cosign/ui/exit_codes.h); ui::exit_ok of one that did.
int exit_code(const sigstore::check::ImageResult& result);

// Errors become what a person should read (Session::explain).
void explain_all(const Session& session, std::vector<sigstore::check::ImageResult>& results);

// `report` on stdout, at once: also one about a failure, since an older report must not stand for this run.
void publish_report(Session& session, const std::string& report);

// All successes first, each by `print_accepted`, then each failure; with `report`, that is on stdout instead
// of the successes. The exit code is that of the first image that failed. An error is one where nothing could
// be checked, which is reported too.
sigstore::Result<int> print_results(
    Session& session, const sigstore::Result<std::vector<sigstore::check::ImageResult>>& results, bool report,
    const std::function<void(const sigstore::check::ImageResult&)>& print_accepted);

}  // namespace cosign
