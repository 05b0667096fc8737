// Where credentials come from: declared here, implemented in credentials/*, one folder per source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sigstore/base/result.h"
#include "sigstore/base/secret.h"
#include "sigstore/oci/reference.h"

namespace sigstore::remote {

struct Credential {
  std::string username;
  Secret password;
  Secret identity_token;  // OAuth2 refresh token
  Secret registry_token;  // sent as Bearer as it is
  std::string source;     // where it was found, for -d and hints: "~/.docker/config.json"
};

class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // nullopt: nothing for that registry here, ask the next. An error: this source is broken, stop.
  virtual Result<std::optional<Credential>> find(const oci::Repository& repository) = 0;
};

}  // namespace sigstore::remote
