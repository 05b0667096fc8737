// All sources of registry credentials, in the order in which they are asked: what the command line says, the
// file that REGISTRY_AUTH_FILE names, docker's config.json, podman's files. An entry that one file lacks is
// looked for in the next (real cosign lets the first file hide the others).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sigstore/base/env.h"
#include "sigstore/credentials/flags/flags_source.h"
#include "sigstore/remote/registry/credentials.h"

namespace sigstore::credentials {

// Reads no file before the first look-up, and each file once. `env` outlives the sources.
std::vector<std::unique_ptr<remote::CredentialSource>> make_keychain(const Env& env, Flags flags = {});

// The registries (host[:port]) that the files hold credentials for, in that order, each once; without Docker
// Hub. No secret is read and no helper asked; a file that cannot be read is passed over.
std::vector<std::string> logged_in_registries(const Env& env);

}  // namespace sigstore::credentials
