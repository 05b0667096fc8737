// Credentials from a file in docker's format, and from the helpers that it names.
#pragma once

#include <memory>
#include <string>

#include "sigstore/base/env.h"
#include "sigstore/remote/registry/credentials.h"

namespace sigstore::credentials {

// $DOCKER_CONFIG/config.json, else ~/.docker/config.json; "" when neither variable is set.
std::string docker_config_path(const Variables& variables);

// Order: credHelpers for the registry, else credsStore, then `auths`. The file is read at the first look-up,
// each helper is asked once per registry. A missing file holds nothing; a broken one, and a helper that is
// missing or fails, is the error of every look-up. Thread-safe; `env` outlives it.
std::unique_ptr<remote::CredentialSource> make_config_source(const Env& env, std::string path);

}  // namespace sigstore::credentials
