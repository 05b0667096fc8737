#include "sigstore/credentials/docker/login_file.h"

#include "sigstore/base/limits.h"
#include "sigstore/credentials/docker/config.h"
#include "sigstore/credentials/docker/config_source.h"
#include "sigstore/credentials/helper/helper.h"

namespace sigstore::credentials {
namespace {

constexpr unsigned file_mode = 0600;
constexpr unsigned folder_mode = 0700;

Result<std::string> login_path(const Env& env) {
  std::string path = docker_config_path(*env.variables);
  if (path.empty())
    return fail(Code::not_found, "there is no place to keep credentials",
                "neither HOME nor DOCKER_CONFIG is set", "set DOCKER_CONFIG to a folder");
  return path;
}

// A file that is not there is an empty config; `exists` says which.
Result<Config> read_config(const Env& env, const std::string& path, bool* exists = nullptr) {
  auto text = env.files->read(path, limits::docker_config_bytes);
  if (exists != nullptr) *exists = text.has_value();
  if (!text && text.error().code != Code::not_found)
    return fail(text.error().wrap("the credentials in " + path + " cannot be read"));
  auto config = Config::parse(text.value_or(""), path);
  if (text) wipe(*text);
  return config;
}

Result<void> write_config(const Env& env, const std::string& path, const Config& config) {
  TRY_OK(env.files->make_directories(path.substr(0, path.rfind('/')), folder_mode));
  std::string text = config.write();
  auto written = env.files->write_atomic(path, text, file_mode);
  wipe(text);
  if (!written) return fail(written.error().wrap("credentials cannot be written to " + path));
  return {};
}

}  // namespace

Result<StoredLogin> store_login(const Env& env, const std::string& registry, const std::string& username,
                                const Secret& password) {
  TRY(auto path, login_path(env));
  TRY(auto config, read_config(env, path));
  StoredLogin stored{path, {}};
  if (const std::string name = config.helper_for({registry, {}}); !name.empty()) {
    TRY(const auto helper, Helper::named(name, path));
    TRY_OK(helper.store(*env.processes, config_key(registry), username, password));
    stored.helper = helper.program();
    // The helper may have taken its time: another login must not be undone.
    TRY(auto fresh, read_config(env, path));
    fresh.put(registry, std::nullopt);
    TRY_OK(write_config(env, path, fresh));
    return stored;
  }
  std::string user_and_password = username + ":" + std::string(password.reveal());
  config.put(registry, user_and_password);
  wipe(user_and_password);
  TRY_OK(write_config(env, path, config));
  return stored;
}

Result<RemovedLogin> remove_login(const Env& env, const std::string& registry) {
  RemovedLogin removed;
  TRY(removed.path, login_path(env));
  bool exists = false;
  TRY(auto config, read_config(env, removed.path, &exists));
  if (!exists) return removed;
  if (const std::string name = config.helper_for({registry, {}}); !name.empty()) {
    TRY(const auto helper, Helper::named(name, removed.path));
    TRY(removed.found, helper.erase(*env.processes, config_key(registry)));
    TRY(config, read_config(env, removed.path));
  }
  if (config.keys_of(registry).empty()) return removed;
  if (config.remove(registry)) removed.found = true;
  TRY_OK(write_config(env, removed.path, config));
  return removed;
}

}  // namespace sigstore::credentials
