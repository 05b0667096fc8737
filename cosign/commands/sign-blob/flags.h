// The flags of `cosign sign-blob`, v2's and v3's alike, as one value.
#pragma once

#include <string>
#include <vector>

#include "cosign/signing/signing_flags.h"
#include "sigstore/base/limits.h"

namespace cosign {

struct SignBlobFlags {
  SigningFlags signing;
  std::string bundle;
  bool new_bundle_format = true;
  std::string output_signature, output_certificate;
  bool base64 = true;
  int max_workers = sigstore::limits::max_workers;

  void declare(FlagSet& flags);
  // Whether `bundle` becomes a sigstore bundle. Then nothing is on stdout, as with cosign 3; else the
  // signature, unless it goes to a file.
  [[nodiscard]] bool writes_sigstore_bundle() const { return !bundle.empty() && new_bundle_format; }
  [[nodiscard]] bool prints_signature() const {
    return !writes_sigstore_bundle() && output_signature.empty();
  }
  // What can be said before anything is read. Code::invalid_argument, Code::unsupported.
  [[nodiscard]] sigstore::Result<void> check(const FlagSet& flags, sigstore::Files& files,
                                             const std::vector<std::string>& blobs) const;
};

}  // namespace cosign
