// All sources of registry credentials, in the order in which they are asked: what the command line says, the
// file that REGISTRY_AUTH_FILE names, docker's config.json, podman's files. An entry that one file lacks is
// looked for in the next (real cosign lets the first file hide the others).
#pragma once

#include <memory>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/credentials/flags/flags_source.h"
#include "sigstore/remote/registry/credentials.h"

namespace sigstore::credentials {

// Reads no file before the first look-up, and each file once. `env` outlives the sources.
std::vector<std::unique_ptr<remote::CredentialSource>> make_keychain(const Env& env, Flags flags = {});

}  // namespace sigstore::credentials
