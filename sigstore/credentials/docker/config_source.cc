#include "sigstore/credentials/docker/config_source.h"

#include <map>
#include <mutex>

#include "sigstore/base/limits.h"
#include "sigstore/credentials/docker/config.h"
#include "sigstore/credentials/helper/helper.h"

namespace sigstore::credentials {
namespace {

class ConfigSource final : public remote::CredentialSource {
 public:
  ConfigSource(const Env& env, std::string path) : env_(env), path_(std::move(path)) {}

  Result<std::optional<remote::Credential>> find(const oci::Repository& repository) override {
    std::scoped_lock lock(mutex_);
    if (!config_) config_ = load();
    if (!*config_) return fail(config_->error());
    const Config& config = **config_;
    if (const std::string helper = config.helper_for(repository); !helper.empty()) {
      TRY(auto credential, ask(helper, config_key(repository.registry)));
      if (credential) return credential;
    }
    return config.entry_for(repository);
  }

 private:
  using Answer = Result<std::optional<HelperCredential>>;

  Result<Config> load() {
    auto text = env_.files->read(path_, limits::docker_config_bytes);
    if (!text && text.error().code == Code::not_found) return Config();
    if (!text) return fail(text.error().wrap("the credentials in " + path_ + " cannot be read"));
    auto config = Config::parse(*text, path_);
    wipe(*text);
    return config;
  }

  Result<std::optional<remote::Credential>> ask(const std::string& name, const std::string& server) {
    const auto key = std::pair(name, server);
    auto known = answers_.find(key);
    if (known == answers_.end()) known = answers_.emplace(key, get(name, server)).first;
    if (!known->second) return fail(known->second.error());
    if (!*known->second) return std::nullopt;
    const HelperCredential& found = **known->second;
    remote::Credential credential;
    credential.username = found.username;
    (found.identity_token ? credential.identity_token : credential.password) = found.secret.clone();
    credential.source = "docker-credential-" + name + " (from " + path_ + ")";
    return credential;
  }

  Answer get(const std::string& name, const std::string& server) {
    TRY(const auto helper, Helper::named(name, path_));
    return helper.get(*env_.processes, server);
  }

  const Env env_;
  const std::string path_;
  std::mutex mutex_;
  std::optional<Result<Config>> config_;
  std::map<std::pair<std::string, std::string>, Answer> answers_;
};

}  // namespace

std::string docker_config_path(const Variables& variables) {
  if (const auto folder = variables.get("DOCKER_CONFIG"); folder && !folder->empty())
    return *folder + "/config.json";
  if (const auto home = variables.get("HOME"); home && !home->empty()) return *home + "/.docker/config.json";
  return {};
}

std::unique_ptr<remote::CredentialSource> make_config_source(const Env& env, std::string path) {
  return std::make_unique<ConfigSource>(env, std::move(path));
}

}  // namespace sigstore::credentials
