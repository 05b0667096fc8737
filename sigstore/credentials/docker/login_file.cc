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

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

// Two logins at once must not undo each other. The folder is what is locked, so that no file is left behind;
// where it cannot be, the login goes on without.
Result<std::unique_ptr<FileLock>> lock_folder(const Env& env, const std::string& path) {
  const std::string folder = folder_of(path);
  TRY_OK(env.files->make_directories(folder, folder_mode));
  for (int tries = 0; tries < limits::login_lock_tries; ++tries) {
    auto lock = env.files->lock(folder);
    if (lock) return lock;
    if (lock.error().code != Code::conflict) return nullptr;
    TRY_OK(env.clock->sleep(limits::login_lock_pause));
  }
  return fail(Code::conflict, "credentials cannot be written to " + path,
              "another login holds " + folder + " for too long", "end it, then try again");
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
  TRY(const auto before, read_config(env, path));
  StoredLogin stored{path, {}};
  std::optional<std::string> entry;  // none: the helper holds it
  if (const std::string name = before.helper_for({registry, {}}); !name.empty()) {
    TRY(const auto helper, Helper::named(name, path));
    TRY_OK(helper.store(*env.processes, config_key(registry), username, password));
    stored.helper = helper.program();
  } else {
    entry = username + ":" + std::string(password.reveal());
  }
  TRY(const auto lock, lock_folder(env, path));
  TRY(auto config, read_config(env, path));
  config.put(registry, entry);
  if (entry) wipe(*entry);
  TRY_OK(write_config(env, path, config));
  return stored;
}

Result<RemovedLogin> remove_login(const Env& env, const std::string& registry) {
  RemovedLogin removed;
  TRY(removed.path, login_path(env));
  bool exists = false;
  TRY(const auto before, read_config(env, removed.path, &exists));
  if (!exists) return removed;
  if (const std::string name = before.helper_for({registry, {}}); !name.empty()) {
    TRY(const auto helper, Helper::named(name, removed.path));
    TRY(removed.found, helper.erase(*env.processes, config_key(registry)));
  }
  TRY(const auto lock, lock_folder(env, removed.path));
  TRY(auto config, read_config(env, removed.path));
  if (config.keys_of(registry).empty()) return removed;
  if (config.remove(registry)) removed.found = true;
  TRY_OK(write_config(env, removed.path, config));
  return removed;
}

}  // namespace sigstore::credentials
