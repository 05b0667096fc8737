// What a command line of v1, v2 or v3 asks for, decided in one place.
#pragma once

#include <string>
#include <vector>

#include "cosign/commands/sign/flags.h"
#include "sigstore/base/env.h"
#include "sigstore/store/artifact_store.h"

namespace cosign {

// Whether the signature goes into no log: --tlog-upload=false in any company, --no-tlog-upload, or a
// --signing-config that names no log. A signing config that asks for services which this version cannot use
// is Code::unsupported.
sigstore::Result<bool> without_log(const SignFlags& flags, sigstore::Files& files);

// The formats to store. By default the `.sig` tag alone: the one form that every verifier reads offline.
std::vector<sigstore::store::Format> formats_to_store(const SignFlags& flags, bool new_bundle_format_given);

}  // namespace cosign
