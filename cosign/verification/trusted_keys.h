// The keys of a command line that verifies.
#pragma once

#include <string>
#include <vector>

#include "cosign/keysets/key_set_flags.h"
#include "sigstore/verify/judge.h"

namespace cosign {

// Each of `references` is a key or, at most one of them, a file that holds a key set, which is judged by
// `flags`. A key that is given by itself and stands in the set is what the set says. Code::invalid_argument
// for several sets, and for `flags` without one; else the errors of opening them.
sigstore::Result<sigstore::verify::TrustedMaterial> open_trusted_keys(
    Session& session, const std::vector<std::string>& references, const KeySetFlags& flags);

// Code::invalid_argument when fewer than `threshold` of the keys may verify anything now.
sigstore::Result<void> check_reach(const sigstore::verify::TrustedMaterial& material, std::size_t threshold);

}  // namespace cosign
