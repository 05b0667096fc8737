// What stands beside a file: bundles and signatures, as cosign 1, 2 and 3 write them.
#pragma once

#include <string>

#include "sigstore/base/env.h"
#include "sigstore/store/artifact_store.h"
#include "sigstore/verify/judge.h"

namespace cosign {

// A file that --bundle names: a sigstore bundle, or that of cosign 1 and 2. Code::not_found when there is no
// such file; one that is no bundle is an error in `Stored::bundle`. A key that stands in an old bundle must
// be one of `material`: it is never verified with.
sigstore::Result<sigstore::store::Stored> read_bundle_file(sigstore::Files& files, const std::string& path,
                                                           const sigstore::verify::TrustedMaterial& material);

// What --signature names: a file with a signature, in base64 or as it is, or the base64 itself.
// Code::not_found when it is neither.
sigstore::Result<sigstore::store::Stored> read_signature(sigstore::Files& files, const std::string& value);

}  // namespace cosign
