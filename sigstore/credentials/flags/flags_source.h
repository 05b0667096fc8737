// Credentials given on the command line: --registry-username with --registry-password, or --registry-token.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/secret.h"
#include "sigstore/remote/registry/credentials.h"

namespace sigstore::credentials {

struct Flags {
  std::string username;
  Secret password;
  Secret registry_token;
  std::string source = "the command line";  // for messages; may be empty
};

// As real cosign: the same for every registry; a username counts only with a password, and the token only
// without them. Thread-safe.
std::unique_ptr<remote::CredentialSource> make_flags_source(Flags flags);

}  // namespace sigstore::credentials
