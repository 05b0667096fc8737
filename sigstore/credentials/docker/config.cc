#include "sigstore/credentials/docker/config.h"

#include <algorithm>
#include <array>

#include "sigstore/codec/base64.h"

namespace sigstore::credentials {
namespace json = codec::json;
namespace {

constexpr std::string_view hub = "index.docker.io";
constexpr std::string_view hub_key = "https://index.docker.io/v1/";
constexpr std::array<std::string_view, 4> secret_members = {"auth", "password", "identitytoken",
                                                            "registrytoken"};

bool is_hub(std::string_view host) {
  return host == hub || host == "docker.io" || host == "registry-1.docker.io";
}

std::string_view without_scheme(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) return key.substr(scheme.size());
  return key;
}

// "host/a/b", "host/a", "host": the order in which podman looks.
std::vector<std::string> candidates(const oci::Repository& repository) {
  std::vector<std::string> keys;
  std::string key =
      canonical_key(repository.registry) + (repository.path.empty() ? "" : "/" + repository.path);
  for (;;) {
    keys.push_back(key);
    const auto slash = key.rfind('/');
    if (slash == std::string::npos) return keys;
    key.resize(slash);
  }
}

std::string text_of(const json::Value& entry, std::string_view member) {
  const json::Value* value = entry.get(member);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

bool has_secret(const json::Value& entry) {
  return std::ranges::any_of(secret_members, [&](auto member) { return !text_of(entry, member).empty(); });
}

// `auth` is the base64 of "username:password"; docker cuts trailing zero bytes off the password.
Result<void> read_auth(const std::string& auth, remote::Credential& credential) {
  auto bytes = codec::base64::decode_lines(auth);
  if (!bytes) return fail(Code::malformed, "its auth is not base64");
  const auto text = as_text(*bytes);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return fail(Code::malformed, "its auth holds no username:password");
  std::string_view password = text.substr(colon + 1);
  while (password.ends_with('\0')) password.remove_suffix(1);
  credential.username = text.substr(0, colon);
  credential.password = Secret(password);
  wipe(bytes->data(), bytes->size());
  return {};
}

Result<remote::Credential> read_entry(const json::Value& entry) {
  remote::Credential credential;
  if (const auto auth = text_of(entry, "auth"); !auth.empty()) {
    TRY_OK(read_auth(auth, credential));
  } else {
    credential.username = text_of(entry, "username");
    credential.password = Secret(text_of(entry, "password"));
  }
  credential.identity_token = Secret(text_of(entry, "identitytoken"));
  credential.registry_token = Secret(text_of(entry, "registrytoken"));
  return credential;
}

Result<void> need_object_member(const json::Object& document, std::string_view name,
                                const std::string& file) {
  const json::Value* value = document.find(name);
  if (value == nullptr || value->is_null() || value->object() != nullptr) return {};
  return fail(Code::malformed, file + " is not a docker config", std::string(name) + " is no JSON object");
}

}  // namespace

std::string config_key(const std::string& registry) {
  return is_hub(registry) ? std::string(hub_key) : registry;
}

std::string canonical_key(std::string_view key) {
  std::string_view rest = without_scheme(key);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  for (const std::string_view version : {"/v1", "/v2"})
    if (rest.ends_with(version) && rest.find('/') == rest.size() - version.size())
      rest.remove_suffix(version.size());
  const auto slash = rest.find('/');
  const std::string_view host = rest.substr(0, slash);
  const std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  return std::string(is_hub(host) ? hub : host) + std::string(path);
}

Result<std::string> registry_of(std::string_view text) {
  const std::string name = canonical_key(text);
  if (!name.empty() && name.find('/') == std::string::npos) return name;
  return fail(Code::invalid_argument, "\"" + std::string(text) + "\" is not a registry",
              "host or host:port is wanted");
}

Result<Config> Config::parse(std::string_view text, std::string file) {
  Config config;
  config.file_ = std::move(file);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return config;
  auto value = json::parse(text, config.file_,
                           {.max_depth = limits::json_depth, .max_bytes = limits::docker_config_bytes});
  if (!value) {
    Error error = value.error();
    error.hint = "repair " + config.file_ + ", or move it away and log in again";
    return fail(std::move(error));
  }
  if (value->object() == nullptr)
    return fail(Code::malformed, config.file_ + " is not a docker config", "it is no JSON object");
  config.document_ = std::move(*value->object());
  for (const std::string_view name : {"auths", "credHelpers"})
    TRY_OK(need_object_member(config.document_, name, config.file_));
  return config;
}

std::string Config::helper_for(const oci::Repository& repository) const {
  const json::Value* helpers = document_.find("credHelpers");
  if (helpers != nullptr && helpers->object() != nullptr)
    for (const auto& key : candidates(repository))
      for (const auto& [name, value] : helpers->object()->members())
        if (value.string() != nullptr && canonical_key(name) == key) return *value.string();
  const json::Value* store = document_.find("credsStore");
  return store != nullptr && store->string() != nullptr ? *store->string() : std::string();
}

Result<std::optional<remote::Credential>> Config::entry_for(const oci::Repository& repository) const {
  const json::Value* auths = document_.find("auths");
  if (auths == nullptr || auths->object() == nullptr) return std::nullopt;
  const std::string preferred = config_key(repository.registry);
  for (const auto& key : candidates(repository)) {
    const json::Member* found = nullptr;
    for (const auto& member : auths->object()->members())
      if (canonical_key(member.key) == key && has_secret(member.value) &&
          (found == nullptr || member.key == preferred))
        found = &member;
    if (found == nullptr) continue;
    auto credential = read_entry(found->value);
    if (!credential)
      return fail(Code::malformed, "the entry " + found->key + " in " + file_ + " cannot be used",
                  credential.error().message, "cosign login " + repository.registry);
    credential->source = file_;
    return std::move(*credential);
  }
  return std::nullopt;
}

std::vector<std::string> Config::keys_of(const std::string& registry) const {
  std::vector<std::string> keys;
  const json::Value* auths = document_.find("auths");
  if (auths == nullptr || auths->object() == nullptr) return keys;
  for (const auto& member : auths->object()->members())
    if (canonical_key(member.key) == canonical_key(registry)) keys.push_back(member.key);
  return keys;
}

std::vector<std::string> Config::registries() const {
  std::vector<std::string> names;
  const json::Value* store = document_.find("credsStore");
  const bool helped = store != nullptr && store->string() != nullptr && !store->string()->empty();
  const auto add = [&](std::string_view key, bool counts) {
    const std::string whole = canonical_key(key);
    std::string name = whole.substr(0, whole.find('/'));
    if (counts && !name.empty() && name != hub && std::ranges::find(names, name) == names.end())
      names.push_back(std::move(name));
  };
  if (const json::Value* auths = document_.find("auths"); auths != nullptr && auths->object() != nullptr)
    for (const auto& [key, entry] : auths->object()->members()) add(key, helped || has_secret(entry));
  if (const json::Value* named = document_.find("credHelpers");
      named != nullptr && named->object() != nullptr)
    for (const auto& [key, helper] : named->object()->members())
      add(key, helper.string() != nullptr && !helper.string()->empty());
  return names;
}

void Config::put(const std::string& registry, const std::optional<std::string>& user_and_password) {
  json::Value* auths = document_.find("auths");
  if (auths == nullptr || auths->object() == nullptr) {
    document_.set("auths", json::Object{});
    auths = document_.find("auths");
  }
  // A leftover under another name of the same registry would come back after a logout of this one alone.
  const std::string key = config_key(registry);
  for (const auto& old : keys_of(registry))
    if (old != key) auths->object()->erase(old);
  json::Object entry;
  if (const json::Value* old = auths->object()->find(key); old != nullptr && old->object() != nullptr)
    entry = *old->object();
  for (const auto member : secret_members) entry.erase(member);
  entry.erase("username");
  if (user_and_password) entry.set("auth", codec::base64::encode(as_bytes(*user_and_password)));
  auths->object()->set(key, std::move(entry));
}

bool Config::remove(const std::string& registry) {
  bool held_secret = false;
  json::Value* auths = document_.find("auths");
  for (const auto& key : keys_of(registry)) {
    held_secret |= has_secret(*auths->object()->find(key));
    auths->object()->erase(key);
  }
  return held_secret;
}

std::string Config::write() const {
  // A line break never stands inside a JSON string, so spaces at the start of a line are indentation alone.
  const std::string spaced = json::write_indented(document_, 1);
  std::string text;
  text.reserve(spaced.size());
  bool indentation = false;
  for (const char c : spaced) {
    indentation = c == '\n' || (indentation && c == ' ');
    text += indentation && c == ' ' ? '\t' : c;
  }
  return text;
}

}  // namespace sigstore::credentials
