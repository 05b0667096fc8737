#include "sigstore/credentials/podman/auth_files.h"

namespace sigstore::credentials {
namespace {

std::string value_of(const Variables& variables, const char* name) {
  return variables.get(name).value_or("");
}

}  // namespace

std::string podman_named_file(const Variables& variables) {
  return value_of(variables, "REGISTRY_AUTH_FILE");
}

std::vector<std::string> podman_default_files(const Variables& variables) {
  std::vector<std::string> files;
  if (const auto folder = value_of(variables, "XDG_RUNTIME_DIR"); !folder.empty())
    files.push_back(folder + "/containers/auth.json");
  if (const auto folder = value_of(variables, "XDG_CONFIG_HOME"); !folder.empty())
    files.push_back(folder + "/containers/auth.json");
  else if (const auto home = value_of(variables, "HOME"); !home.empty())
    files.push_back(home + "/.config/containers/auth.json");
  return files;
}

}  // namespace sigstore::credentials
