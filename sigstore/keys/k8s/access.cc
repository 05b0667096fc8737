#include "sigstore/keys/k8s/internal/access.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json_wipe.h"
#include "sigstore/codec/printable.h"
#include "sigstore/keys/k8s/internal/exec_plugin.h"

namespace sigstore::keys::k8s {
namespace {

constexpr const char* pod_token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
constexpr const char* pod_authorities = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

Result<Secret> read_secret(Files& files, const std::string& path, const std::string& what) {
  auto text = files.read(path, limits::key_file_bytes);
  if (!text) return fail(text.error().wrap(what + " cannot be read"));
  Secret secret{std::string_view(*text)};
  wipe(*text);
  return secret;
}

// As a header's value: what is around it does not count, and nothing in it may end the header.
Result<Secret> usable_token(const Secret& given, const std::string& place) {
  std::string_view text = given.reveal();
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fail(Code::malformed, "the token of " + place + " is empty");
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; }))
    return fail(Code::malformed,
                "the token of " + place + " has blanks or other characters that no token has");
  return Secret(text);
}

Result<net::TlsPem::Part> read_material(Files& files, const Material& material, const std::string& what,
                                        const std::string& place) {
  if (material.empty()) return net::TlsPem::Part{};
  if (material.file.empty()) return net::TlsPem::Part{material.pem.clone(), place};
  const std::string path = codec::printable(material.file);
  TRY(auto text, read_secret(files, material.file, "the " + what + " of " + place));
  return net::TlsPem::Part{std::move(text), path};
}

// A file may be renewed, so it goes before what the configuration holds.
Result<Secret> token_of(Files& files, const User& user) {
  if (!user.token_file.empty()) {
    auto text = read_secret(files, user.token_file, "the token of " + user.place);
    if (text) return usable_token(*text, user.place);
    if (user.token.empty()) return fail(std::move(text).error());
  }
  if (user.token.empty()) return Secret();
  return usable_token(user.token, user.place);
}

Result<Secret> basic(const User& user) {
  std::string text = user.name + ":" + std::string(user.password.reveal());
  std::string encoded = codec::base64::encode(as_bytes(text));
  wipe(text);
  Secret token{std::string_view(encoded)};
  wipe(encoded);
  return token;
}

Result<Credentials> credentials_of(const Env& env, const Chosen& chosen) {
  const User& user = chosen.user;
  Credentials found;
  TRY(found.certificate, read_material(*env.files, user.certificate, "client certificate", user.place));
  TRY(found.key, read_material(*env.files, user.key, "client key", user.place));
  TRY(found.token, token_of(*env.files, user));
  if (!user.name.empty() || !user.password.empty()) {
    found.scheme = "Basic ";
    TRY(found.token, basic(user));
  }
  // A plugin is for those who have nothing else.
  if (!user.exec || !found.token.empty() || !found.certificate.text.empty()) return found;
  return ask_exec_plugin(env, chosen);
}

std::string name_of(const net::Url& server) {
  std::string address = server.text();
  if (address.ends_with('/')) address.pop_back();
  return "Kubernetes at " + address;
}

net::Headers acting_as(const User& user) {
  net::Headers headers;
  if (!user.as.empty()) headers.add("Impersonate-User", user.as);
  if (!user.as_uid.empty()) headers.add("Impersonate-Uid", user.as_uid);
  for (const auto& group : user.as_groups) headers.add("Impersonate-Group", group);
  return headers;
}

std::string who_is(const User& user) {
  std::string who = user.place.empty() ? "a user without credentials" : user.place;
  return user.as.empty() ? who : who + ", acting as " + codec::printable(user.as);
}

std::string tls_hint(const Chosen& chosen) {
  const std::string hint = "see certificate-authority-data in " + chosen.cluster.place;
  if (chosen.user.certificate.empty()) return hint;
  return hint + ", and client-certificate-data in " + chosen.user.place;
}

bool has_credentials(const User& user) {
  return user.exec || !user.token.empty() || !user.token_file.empty() || !user.certificate.empty() ||
         !user.name.empty() || !user.password.empty();
}

Result<Access> access_of(const Env& env, const Chosen& chosen) {
  Access access;
  const Cluster& cluster = chosen.cluster;
  auto server = net::Url::parse(cluster.server);
  if (!server || !server->query.empty())
    return fail(Code::malformed, "the server of " + cluster.place + " is no address of a server",
                server ? "it has a query" : server.error().text(), "write it as https://HOST:PORT");
  access.server = std::move(*server);
  access.name = name_of(access.server);
  access.who = who_is(chosen.user);
  access.acting_as = acting_as(chosen.user);
  access.address_hint = "is the server of " + cluster.place + " right?";
  if (access.server.scheme == "http") {  // nothing secret goes over it
    if (has_credentials(chosen.user)) access.withheld = chosen.user.place;
    return access;
  }
  access.tls_hint = tls_hint(chosen);
  access.tls.verify = !cluster.insecure;
  access.tls.server_name = cluster.server_name;
  auto pem = std::make_shared<net::TlsPem>();
  TRY(pem->authorities,
      read_material(*env.files, cluster.authorities, "certificate authority", cluster.place));
  TRY(auto credentials, credentials_of(env, chosen));
  pem->client_cert = std::move(credentials.certificate);
  pem->client_key = std::move(credentials.key);
  access.tls.pem = std::move(pem);
  access.scheme = credentials.scheme;
  access.token = std::move(credentials.token);
  return access;
}

Result<Access> pod_access(const Env& env, const std::string& host, const std::string& port) {
  Access access;
  const std::string where = "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT";
  const bool ipv6 = host.find(':') != std::string::npos;
  auto server = net::Url::parse("https://" + (ipv6 ? "[" + host + "]" : host) + ":" + port);
  if (!server || server->path != "/" || !server->query.empty())
    return fail(Code::malformed, where + " name no server", server ? "" : server.error().text());
  access.server = std::move(*server);
  access.name = name_of(access.server);
  access.who = "the pod's service account";
  access.scheme = "Bearer ";
  access.tls.ca_files = {pod_authorities};
  access.tls_hint = std::string("see ") + pod_authorities;
  access.address_hint = "are " + where + " right?";
  auto token = read_secret(*env.files, pod_token, "the token of the pod's service account");
  if (!token) return fail(token.error().with_hint("does the pod have automountServiceAccountToken: false?"));
  TRY(access.token, usable_token(*token, "the pod's service account"));
  return access;
}

// Of the files that KUBECONFIG names, where none is there.
std::string none_there(const std::string& places, std::size_t count) {
  return places +
         (count == 1 ? ", which KUBECONFIG names, does not exist"
                     : ", which KUBECONFIG names, do not exist") +
         ", and this is no pod of a cluster";
}

Error nothing_chosen(const Env& env, const std::vector<std::string>& paths,
                     const std::vector<KubeconfigFile>& files) {
  std::string places;
  for (const auto& path : paths) places += (places.empty() ? "" : ", ") + codec::printable(path);
  const auto names = context_names(files);
  if (files.empty() && !paths.empty() && !env.variables->get("KUBECONFIG").value_or("").empty())
    return {Code::not_found, "there is no Kubernetes cluster to ask", none_there(places, paths.size()),
            "set KUBECONFIG to a kubeconfig file that is there"};
  if (names.empty())
    return {Code::not_found, "there is no Kubernetes cluster to ask",
            "no cluster is configured in " + (places.empty() ? "any file" : places) +
                ", and this is no pod of a cluster",
            "set KUBECONFIG to a kubeconfig file"};
  std::string known;
  for (std::size_t i = 0; i < names.size() && i < 5; ++i) known += (i == 0 ? "" : ", ") + names[i];
  return {Code::not_found, "no Kubernetes context is chosen", "there is no current-context in " + places,
          "kubectl config use-context NAME; there are: " + known + (names.size() > 5 ? ", …" : "")};
}

}  // namespace

Result<Access> find_access(const Env& env) {
  const auto paths = kubeconfig_paths(*env.variables);
  TRY(auto files, read_kubeconfigs(*env.files, paths));
  auto chosen = choose(files);
  if (!chosen || *chosen) {
    for (auto& file : files) codec::json::wipe(file.root);
    if (!chosen) return fail(std::move(chosen).error());
    return access_of(env, **chosen);
  }
  const std::string host = env.variables->get("KUBERNETES_SERVICE_HOST").value_or("");
  const std::string port = env.variables->get("KUBERNETES_SERVICE_PORT").value_or("");
  if (!host.empty() && !port.empty()) return pod_access(env, host, port);
  return fail(nothing_chosen(env, paths, files));
}

}  // namespace sigstore::keys::k8s
