// Whose signature is wanted, where no key says it: the flags about the certificate of a signer.
#pragma once

#include <string>
#include <vector>

#include "cosign/args/flag_set.h"
#include "sigstore/verify/identity.h"

namespace cosign {

struct IdentityFlags {
  std::string identity, identity_regexp, email, issuer, issuer_regexp;
  std::string workflow_trigger, workflow_sha, workflow_name, workflow_repository, workflow_ref;

  // The signer and who vouches for them; declare_rest() adds what most people never need.
  void declare(FlagSet& flags);
  void declare_rest(FlagSet& flags);

  // Whether anything is asked of a certificate. An empty value asks for nothing, as in the real one.
  [[nodiscard]] bool given() const;
  // The one rule that the flags come to. Code::invalid_argument unless both the signer and the issuer are
  // named, and the signer once; malformed for what is no regular expression.
  [[nodiscard]] sigstore::Result<sigstore::verify::IdentityRule> rule() const;
};

// What is easily overlooked: an expression that takes more than it seems to. A line each.
std::vector<std::string> warnings(const sigstore::verify::IdentityRule& rule);

}  // namespace cosign
