// What stands beside a file: bundles, signatures and attestations, as cosign 1, 2 and 3 write them.
#pragma once

#include <string>
#include <vector>

#include "cosign/verification/material_flags.h"
#include "sigstore/store/artifact_store.h"

namespace cosign {

struct BlobSignatureFlags {
  std::string bundle, signature, timestamp, output = "text";

  // `thing` is what stands in the files: "signature", "attestation". The flags that have no effect are
  // declared in `later`.
  void declare(FlagSet& flags, LaterFlags& later, const std::string& thing);
  // Code::invalid_argument when neither bundle nor signature is named.
  [[nodiscard]] sigstore::Result<void> check(const std::string& thing) const;
};

// Of files, or of standard input ("-").
//
// What --bundle names: a sigstore bundle, or that of cosign 1 and 2; and what --signature names: a file with
// a signature, in base64 or as it is, or the base64 itself. A file that is there and cannot be read as what
// it should be is an error in `Stored::bundle`; Code::not_found when one is not there. A key that stands in
// an old bundle must be one of `material`: it is never verified with. So must a certificate that stands
// beside a signature, where --certificate names one. --rfc3161-timestamp goes with each of them.
sigstore::Result<std::vector<sigstore::store::Stored>> read_blob_signatures(
    Session& session, const BlobSignatureFlags& flags, const sigstore::verify::TrustedMaterial& material);
// The same of attestations: --signature is an envelope. One for each signature of an envelope.
sigstore::Result<std::vector<sigstore::store::Stored>> read_blob_attestations(
    Session& session, const BlobSignatureFlags& flags, const sigstore::verify::TrustedMaterial& material);

}  // namespace cosign
