// What a signature is verified with: the flags that every command which verifies has, images and files alike.
#pragma once

#include <string>
#include <vector>

#include "cosign/keysets/key_set_flags.h"
#include "cosign/options/later.h"
#include "cosign/session/session.h"
#include "cosign/verification/evidence_flags.h"
#include "cosign/verification/identity_flags.h"
#include "cosign/verification/signer_flags.h"
#include "cosign/verification/trust_flags.h"
#include "sigstore/check/pipeline.h"

namespace cosign {

struct MaterialFlags {
  std::vector<std::string> keys;  // any of them may verify; one of them may be a key set
  int threshold = 1;
  KeySetFlags key_set;
  IdentityFlags identity;
  SignerFlags signer;
  TrustFlags trust;
  EvidenceFlags evidence;
  std::string rekor_url;  // empty: no log is asked
  LaterFlags later;

  // What is shown first in --help; declare_rest() adds what most people never need.
  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // Whether somebody is named, by a key or by what a certificate says.
  [[nodiscard]] bool names_signer() const;
  // Code::invalid_argument when no signer is named, or both by a key and by a certificate; `example` is a
  // line that works, by a key.
  [[nodiscard]] sigstore::Result<void> check(const std::string& example) const;
  // Of a command that also works without a signer: Code::invalid_argument when something is asked of keys,
  // and none is there.
  [[nodiscard]] sigstore::Result<void> check_absent() const;
  // Opens what is named, and says in `options` what it is and what is asked of it: `material`, `threshold`,
  // and of `requirements` the identities and how much evidence. Nothing is read that no check needs: with a
  // key, and neither log nor signed time demanded, no file of trust. Where none is named `obtain` finds out
  // whom to trust through TUF, once a candidate needs it. After check().
  [[nodiscard]] sigstore::Result<void> apply(Session& session, sigstore::check::Options& options) const;

 private:
  [[nodiscard]] std::string name_signer(const std::string& example) const;
  [[nodiscard]] sigstore::Result<sigstore::check::LookUp> look_up(
      Session& session, const sigstore::verify::Requirements& requirements) const;
  [[nodiscard]] sigstore::Result<void> check_keys() const;
  [[nodiscard]] sigstore::Result<void> check_without_keys() const;
  [[nodiscard]] sigstore::Result<void> apply_identity(Session& session,
                                                      sigstore::check::Options& options) const;
};

}  // namespace cosign
