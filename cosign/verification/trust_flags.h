// Whom to trust: the files that name authorities and logs.
#pragma once

#include <memory>
#include <string>

#include "cosign/args/flag_set.h"
#include "cosign/session/session.h"
#include "sigstore/verify/parties.h"

namespace cosign {

struct TrustFlags {
  std::string trusted_root;
  std::string ca_roots, ca_intermediates, certificate_chain, timestamp_chain;

  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // Code::invalid_argument for those that exclude each other.
  [[nodiscard]] sigstore::Result<void> check() const;
  // Whether somebody is named who issues certificates to signers.
  [[nodiscard]] bool names_issuer(Session& session) const;
  // What the flags name; without --trusted-root also what the environment names (SIGSTORE_ROOT_FILE,
  // SIGSTORE_REKOR_PUBLIC_KEY, SIGSTORE_CT_LOG_PUBLIC_KEY_FILE, SIGSTORE_TSA_CERTIFICATE_FILE), where no flag
  // says it. nullptr when there is nothing. The errors of reading the files, with the flag or variable.
  [[nodiscard]] sigstore::Result<std::shared_ptr<const sigstore::verify::TrustedParties>> open(
      Session& session) const;
};

}  // namespace cosign
