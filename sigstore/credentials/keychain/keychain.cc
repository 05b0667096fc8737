#include "sigstore/credentials/keychain/keychain.h"

#include <algorithm>
#include <iterator>

#include "sigstore/base/limits.h"
#include "sigstore/credentials/docker/config.h"
#include "sigstore/credentials/docker/config_source.h"
#include "sigstore/credentials/podman/auth_files.h"

namespace sigstore::credentials {
namespace {

std::vector<std::string> config_files(const Variables& variables) {
  std::vector<std::string> paths{podman_named_file(variables), docker_config_path(variables)};
  std::ranges::copy(podman_default_files(variables), std::back_inserter(paths));
  std::erase(paths, "");
  return paths;
}

}  // namespace

std::vector<std::unique_ptr<remote::CredentialSource>> make_keychain(const Env& env, Flags flags) {
  std::vector<std::unique_ptr<remote::CredentialSource>> sources;
  sources.push_back(make_flags_source(std::move(flags)));
  for (const auto& path : config_files(*env.variables)) sources.push_back(make_config_source(env, path));
  return sources;
}

std::vector<std::string> logged_in_registries(const Env& env) {
  std::vector<std::string> all;
  for (const auto& path : config_files(*env.variables)) {
    auto text = env.files->read(path, limits::docker_config_bytes);
    if (!text) continue;
    const auto config = Config::parse(*text, path);
    wipe(*text);
    if (!config) continue;
    for (auto& registry : config->registries())
      if (std::ranges::find(all, registry) == all.end()) all.push_back(std::move(registry));
  }
  return all;
}

}  // namespace sigstore::credentials
