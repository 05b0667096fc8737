// The files that `sign` writes besides what goes into the registry.
#pragma once

#include "cosign/commands/sign/flags.h"
#include "sigstore/base/env.h"
#include "sigstore/crypto/key.h"
#include "sigstore/sign/pipeline.h"

namespace cosign {

// Whether any file was asked for; then exactly one image may be signed.
bool wants_files(const SignFlags& flags);

// --output-signature and --output-payload come from the simple signing form, --bundle from the bundle form. A
// form that was stored (or stood there already) is taken as it is; one that was not is signed for the file
// alone.
sigstore::Result<std::vector<std::string>> write_files(const SignFlags& flags, sigstore::Files& files,
                                                       sigstore::crypto::Signer& signer,
                                                       const std::vector<sigstore::sign::Made>& made,
                                                       const sigstore::oci::Repository& image,
                                                       const sigstore::oci::Digest& subject,
                                                       const sigstore::sign::Options& options);

}  // namespace cosign
