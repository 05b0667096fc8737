// The files that `sign` writes besides what goes into the registry.
#pragma once

#include "cosign/commands/sign/flags.h"
#include "cosign/signing/signing_run.h"

namespace cosign {

// Whether any file was asked for; then exactly one image may be signed.
bool wants_files(const SignFlags& flags);

// --output-signature and --output-payload come from the simple signing form, --bundle from the bundle form. A
// form that was stored (or stood there already) is taken as it is; one that was not is signed for the file
// alone.
sigstore::Result<void> write_files(Session& session, const SignFlags& flags, sigstore::crypto::Signer& signer,
                                   const Signed& all, const sigstore::sign::Options& options);

}  // namespace cosign
