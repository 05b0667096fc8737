#include "sigstore/credentials/keychain/keychain.h"

#include "sigstore/credentials/docker/config_source.h"
#include "sigstore/credentials/podman/auth_files.h"

namespace sigstore::credentials {

std::vector<std::unique_ptr<remote::CredentialSource>> make_keychain(const Env& env, Flags flags) {
  std::vector<std::unique_ptr<remote::CredentialSource>> sources;
  sources.push_back(make_flags_source(std::move(flags)));
  const std::string named = podman_named_file(*env.variables);
  if (!named.empty()) sources.push_back(make_config_source(env, named));
  if (const std::string path = docker_config_path(*env.variables); !path.empty())
    sources.push_back(make_config_source(env, path));
  for (const auto& path : podman_default_files(*env.variables))
    sources.push_back(make_config_source(env, path));
  return sources;
}

}  // namespace sigstore::credentials
