// Where the signature of a file goes: the flags that `sign-blob` and `attest-blob` share.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/flag_set.h"

namespace cosign {

struct BlobOutputFlags {
  std::string bundle, signature, certificate;
  bool new_bundle_format = true;

  // declare_last() comes after SigningFlags::declare_rest(), which it overrules.
  void declare(FlagSet& flags);
  void declare_last(FlagSet& flags);

  // Whether `bundle` becomes a sigstore bundle. Then nothing is on stdout, as with cosign 3; else the
  // signature is, unless it goes to a file.
  [[nodiscard]] bool writes_sigstore_bundle() const { return !bundle.empty() && new_bundle_format; }
  [[nodiscard]] bool prints_signature() const { return !writes_sigstore_bundle() && signature.empty(); }
  // Code::invalid_argument for outputs that are nowhere, or over one another or one of `inputs`; `others` are
  // more output files, empty ones left out.
  [[nodiscard]] sigstore::Result<void> check(const FlagSet& flags, const std::vector<std::string>& inputs,
                                             const std::vector<std::string>& others = {}) const;
  // A line for whoever asked for a certificate, which there is none of with a key; or empty.
  [[nodiscard]] std::string remark() const;
};

}  // namespace cosign
