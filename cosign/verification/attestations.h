// The walk of `verify-attestation`: from the flags and the images to envelopes on stdout and an exit code.
#pragma once

#include <string>
#include <vector>

#include "cosign/session/session.h"
#include "cosign/verification/attestation_flags.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

// Verifies `images` as `flags` say and prints it, as print_results(). One attestation that passes everything
// is enough for an image; those that pass are printed, each as a DSSE envelope on a line. `example` is a line
// that works, for whoever left out the key.
sigstore::Result<int> verify_attestations(Session& session, const AttestationFlags& flags,
                                          const std::vector<std::string>& images, const std::string& example);

// The accepted attestations that are printed: one that stands in the tag and as a bundle is printed once.
std::vector<const sigstore::check::Candidate*> shown_attestations(const sigstore::check::ImageResult& result);

// "Verification for X --", the checks that all of `entries` passed, and what each of them is.
std::vector<std::string> attestation_header(const sigstore::check::ImageResult& result,
                                            const std::vector<const sigstore::check::Candidate*>& entries);

// Why the others do not count, a line each; without those of a kind or type that was not asked for.
std::vector<std::string> passed_over(const sigstore::check::ImageResult& result);

}  // namespace cosign
