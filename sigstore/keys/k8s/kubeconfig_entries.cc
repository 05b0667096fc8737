#include "sigstore/keys/k8s/internal/kubeconfig_entries.h"

#include <algorithm>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/printable.h"

namespace sigstore::keys::k8s {
namespace json = codec::json;
namespace {

constexpr std::string_view exec_extension = "client.authentication.k8s.io/exec";

std::string resolved(const std::string& folder, std::string path) {
  return path.empty() || path.starts_with('/') ? path : folder + path;
}

// KEY, a path, or KEY-data, base64.
Result<Material> material(const json::Object& object, const std::string& key, const std::string& place,
                          const std::string& folder) {
  TRY(auto file, json::optional_string(object, key, place));
  TRY(auto data, json::optional_string(object, key + "-data", place));
  if (!file.empty() && !data.empty())
    return fail(Code::malformed, place + " has both " + key + " and " + key + "-data", {},
                "take one of them out");
  Material found{resolved(folder, std::move(file)), {}};
  if (data.empty()) return found;
  auto bytes = codec::base64::decode_lines(data);
  wipe(data);
  if (!bytes) return fail(Code::malformed, key + "-data of " + place + " is no base64");
  found.pem = Secret(BytesView(*bytes));
  wipe(bytes->data(), bytes->size());
  return found;
}

Result<bool> flag(const json::Object& object, std::string_view key, const std::string& place) {
  const auto* value = object.find(key);
  if (value == nullptr || value->is_null()) return false;
  if (value->boolean() == nullptr)
    return fail(Code::malformed, std::string(key) + " of " + place + " is neither true nor false");
  return *value->boolean();
}

Result<std::vector<std::string>> texts(const json::Object& object, std::string_view key,
                                       const std::string& place) {
  std::vector<std::string> all;
  TRY(const auto* list, json::optional_array(object, key, place));
  if (list == nullptr) return all;
  for (const auto& one : *list) {
    if (one.string() == nullptr)
      return fail(Code::malformed, std::string(key) + " of " + place + " is no list of strings");
    all.push_back(*one.string());
  }
  return all;
}

Result<Secret> secret(const json::Object& object, std::string_view key, const std::string& place) {
  TRY(auto text, json::optional_string(object, key, place));
  Secret value{std::string_view(text)};
  wipe(text);
  return value;
}

json::Value exec_config_of(const json::Object& cluster) {
  const auto* list = cluster.find("extensions");
  if (list == nullptr || list->array() == nullptr) return {};
  for (const auto& entry : *list->array()) {
    const auto* name = entry.get("name");
    const auto* value = entry.get("extension");
    if (name != nullptr && value != nullptr && name->string() != nullptr && *name->string() == exec_extension)
      return *value;
  }
  return {};
}

bool is_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && std::ranges::all_of(text, fits) && !(text[0] >= '0' && text[0] <= '9');
}

Result<std::vector<std::pair<std::string, Secret>>> variables(const json::Object& object,
                                                              const std::string& place) {
  std::vector<std::pair<std::string, Secret>> all;
  TRY(const auto* list, json::optional_array(object, "env", place));
  if (list == nullptr) return all;
  for (const auto& entry : *list) {
    if (entry.object() == nullptr) return fail(Code::malformed, "env of " + place + " is no list of objects");
    TRY(auto name, json::need_string(*entry.object(), "name", "env of " + place));
    if (!is_name(name)) return fail(Code::malformed, "env of " + place + " has a name that cannot be one");
    TRY(auto value, secret(*entry.object(), "value", "env of " + place));
    all.emplace_back(std::move(name), std::move(value));
  }
  return all;
}

Result<ExecPlugin> parse_exec(const json::Object& object, const std::string& place,
                              const std::string& folder) {
  ExecPlugin plugin;
  TRY(plugin.command, json::need_string(object, "command", place));
  if (plugin.command.empty()) return fail(Code::malformed, "exec of " + place + " names no command");
  if (plugin.command.find('/') != std::string::npos) plugin.command = resolved(folder, plugin.command);
  TRY(plugin.arguments, texts(object, "args", "exec of " + place));
  TRY(plugin.variables, variables(object, "exec of " + place));
  TRY(plugin.api_version, json::optional_string(object, "apiVersion", place));
  const std::string& version = plugin.api_version;
  if (version != "client.authentication.k8s.io/v1" && version != "client.authentication.k8s.io/v1beta1")
    return fail(
        Code::unsupported,
        "exec of " + place + " is of the version " + (version.empty() ? "\"\"" : codec::printable(version)),
        {}, "client.authentication.k8s.io/v1 and v1beta1 are understood");
  TRY(plugin.install_hint, json::optional_string(object, "installHint", place));
  TRY(plugin.cluster_info, flag(object, "provideClusterInfo", place));
  TRY(const auto mode, json::optional_string(object, "interactiveMode", place));
  if (mode == "Always")
    return fail(Code::unsupported, "the program that gives the credentials of " + place + " wants a terminal",
                {}, "set its interactiveMode to IfAvailable, or give the user a token");
  return plugin;
}

// What contradicts itself, as kubectl sees it, or is not done here.
Result<void> check(const User& user, const json::Object& object) {
  if (const auto* provider = object.find("auth-provider"); provider != nullptr && !provider->is_null())
    return fail(Code::unsupported, user.place + " has an auth-provider, which is not supported", {},
                "use exec with the provider's program, or a token");
  if (const auto* extra = object.find("as-user-extra"); extra != nullptr && !extra->is_null())
    return fail(Code::unsupported, "as-user-extra of " + user.place + " is not supported");
  const bool basic = !user.name.empty() || !user.password.empty();
  if (basic && (!user.token.empty() || !user.token_file.empty()))
    return fail(Code::malformed, user.place + " has a token and a password", {}, "take one of them out");
  if (!user.certificate.empty() && user.key.empty())
    return fail(Code::malformed, user.place + " has a client certificate without its key", {},
                "add client-key or client-key-data");
  if (user.as.empty() && (!user.as_uid.empty() || !user.as_groups.empty()))
    return fail(Code::malformed, user.place + " has as-uid or as-groups without as");
  return {};
}

}  // namespace

Result<Cluster> parse_cluster(const json::Object& object, const std::string& place,
                              const std::string& folder) {
  Cluster cluster;
  cluster.place = place;
  TRY(cluster.server, json::optional_string(object, "server", place));
  if (cluster.server.empty()) return fail(Code::malformed, place + " has no server");
  TRY(cluster.server_name, json::optional_string(object, "tls-server-name", place));
  TRY(cluster.insecure, flag(object, "insecure-skip-tls-verify", place));
  TRY(cluster.authorities, material(object, "certificate-authority", place, folder));
  TRY(cluster.proxy, json::optional_string(object, "proxy-url", place));
  cluster.exec_config = exec_config_of(object);
  if (cluster.insecure && !cluster.authorities.empty())
    return fail(Code::malformed,
                place + " has a certificate authority, and insecure-skip-tls-verify, which ignores it", {},
                "take insecure-skip-tls-verify out");
  if (!cluster.proxy.empty())
    return fail(Code::unsupported, "proxy-url of " + place + " is not supported", {},
                "take it out, and set HTTPS_PROXY");
  return cluster;
}

Result<User> parse_user(const json::Object& object, const std::string& place, const std::string& folder) {
  User user;
  user.place = place;
  TRY(user.token, secret(object, "token", place));
  TRY(auto token_file, json::optional_string(object, "tokenFile", place));
  user.token_file = resolved(folder, std::move(token_file));
  TRY(user.certificate, material(object, "client-certificate", place, folder));
  TRY(user.key, material(object, "client-key", place, folder));
  TRY(user.name, json::optional_string(object, "username", place));
  TRY(user.password, secret(object, "password", place));
  TRY(user.as, json::optional_string(object, "as", place));
  TRY(user.as_uid, json::optional_string(object, "as-uid", place));
  TRY(user.as_groups, texts(object, "as-groups", place));
  TRY_OK(check(user, object));
  TRY(const auto* exec, json::optional_object(object, "exec", place));
  if (exec == nullptr) return user;
  TRY(user.exec, parse_exec(*exec, place, folder));
  return user;
}

}  // namespace sigstore::keys::k8s
