// Where podman, buildah and skopeo keep credentials: containers-auth.json(5). The format is docker's.
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/env.h"

namespace sigstore::credentials {

// The file that REGISTRY_AUTH_FILE names, or "".
std::string podman_named_file(const Variables& variables);

// $XDG_RUNTIME_DIR/containers/auth.json, then $XDG_CONFIG_HOME (else ~/.config) /containers/auth.json; those
// whose variable is unset are left out.
std::vector<std::string> podman_default_files(const Variables& variables);

}  // namespace sigstore::credentials
