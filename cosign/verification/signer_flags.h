// A signer's certificate that does not stand beside the signature, as cosign 1 and 2 wrote it to a file.
#pragma once

#include <string>

#include "cosign/args/flag_set.h"
#include "cosign/session/session.h"
#include "sigstore/verify/judge.h"

namespace cosign {

struct SignerFlags {
  std::string certificate, sct;

  void declare_rest(FlagSet& flags);
  // Reads the files into `material`. The errors of reading them, with the flag.
  [[nodiscard]] sigstore::Result<void> apply(Session& session,
                                             sigstore::verify::TrustedMaterial& material) const;
};

}  // namespace cosign
