// The flags of `cosign sign-blob`, v2's and v3's alike, as one value.
#pragma once

#include <string>
#include <vector>

#include "cosign/signing/blob_outputs.h"
#include "cosign/signing/signing_flags.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct SignBlobFlags {
  SigningFlags signing;
  BlobOutputFlags outputs;
  bool base64 = true;
  int max_workers = sigstore::limits::max_workers;

  void declare(FlagSet& flags);
  // What can be said before anything is read. Code::invalid_argument, Code::unsupported.
  [[nodiscard]] sigstore::Result<void> check(const FlagSet& flags, sigstore::Files& files,
                                             const std::vector<std::string>& blobs) const;
};

}  // namespace cosign
