// What to try when evidence (a certificate, a log entry, a timestamp) is what a signature fails by. Private
// to this room.
#pragma once

#include <string>

#include "sigstore/check/pipeline.h"

namespace sigstore::check {

// What is wrong, as the end of "the signature on IMAGE is good, but …"; empty for checks whose failure leaves
// nothing good.
std::string shortcoming(const verify::Check& check, const Candidate& candidate);

// What to try; empty when there is nothing. `noun`: "signature", "attestation".
std::string advice(const verify::Check& check, const Candidate& candidate, const std::string& noun,
                   const Options& options);

}  // namespace sigstore::check
