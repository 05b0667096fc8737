// What `verify-blob` and `verify-blob-attestation` say at their end.
#pragma once

#include <string>

#include "cosign/session/session.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

// "Verified OK" or the error, and with `output` "report" the report before it; the exit code, or the error of
// a run that came to no result.
sigstore::Result<int> print_blob_result(Session& session, const std::string& output,
                                        const sigstore::Result<sigstore::check::ImageResult>& result);

}  // namespace cosign
