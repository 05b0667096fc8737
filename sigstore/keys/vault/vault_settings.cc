#include "sigstore/keys/vault/vault_settings.h"

#include <algorithm>
#include <array>

#include "sigstore/base/limits.h"
#include "sigstore/codec/words.h"

namespace sigstore::keys {
namespace json = codec::json;
namespace {

// Of the variable VAULT_X, or of BAO_X where that is not set or empty.
std::string setting(const Env& env, const std::string& name) {
  constexpr std::size_t prefix = std::string_view("VAULT_").size();
  for (const auto& one : {name, "BAO_" + name.substr(prefix)})
    if (auto value = env.variables->get(one); value && !value->empty()) return std::move(*value);
  return {};
}

Result<bool> boolean(const Env& env, const std::string& name) {
  const std::string value = setting(env, name);
  if (value.empty()) return false;
  if (const auto truth = codec::parse_bool(value)) return *truth;
  return fail(Code::invalid_argument, name + " is neither true nor false", {},
              "export " + name + "=true, or unset it");
}

Result<net::Url> address(const Env& env, const std::string& service) {
  const std::string text = setting(env, "VAULT_ADDR");
  if (text.empty())
    return fail(Code::not_found, "nothing says where " + service + " is",
                "VAULT_ADDR and BAO_ADDR are not set", "export VAULT_ADDR=https://HOST:8200");
  auto url = net::Url::parse(text);
  if (url && url->query.empty()) return std::move(*url);
  return fail(Code::invalid_argument, "VAULT_ADDR is no address of " + service,
              url ? "it has a query" : url.error().text(), "export VAULT_ADDR=https://HOST:8200");
}

// VAULT_ADDR, or BAO_ADDR where that says where it is.
std::string address_name(const Env& env) {
  return env.variables->get("VAULT_ADDR").value_or("").empty() ? "BAO_ADDR" : "VAULT_ADDR";
}

// Its client's own proxy: passing it by would go where nobody meant to.
Result<void> refuse_proxy(const Env& env) {
  if (setting(env, "VAULT_PROXY_ADDR").empty()) return {};
  return fail(Code::unsupported, "VAULT_PROXY_ADDR is not supported", {},
              "unset it, and set HTTPS_PROXY to the proxy");
}

std::string engine_path(const Env& env) {
  std::string text = env.variables->get("TRANSIT_SECRET_ENGINE_PATH").value_or("");
  std::string path;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('/', at), text.size());
    if (end > at) path += (path.empty() ? "" : "/") + net::percent_encode(text.substr(at, end - at));
    at = end + 1;
  }
  return path.empty() ? "transit" : path;
}

// VAULT_HEADERS: a JSON object of texts, none of Vault's own.
Result<void> add_headers(const Env& env, net::Headers& headers) {
  const std::string text = setting(env, "VAULT_HEADERS");
  if (text.empty()) return {};
  const auto wrong = [](std::string cause) {
    return fail(Code::invalid_argument, "VAULT_HEADERS cannot be used", std::move(cause),
                R"(export VAULT_HEADERS='{"NAME": "VALUE"}')");
  };
  const auto document = json::parse(text, "it", {.max_bytes = limits::header_bytes});
  if (!document) return wrong(document.error().text());
  if (document->object() == nullptr) return wrong("it is no JSON object");
  for (const auto& [name, value] : document->object()->members()) {
    if (value.string() == nullptr) return wrong("the value of " + json::quote(name) + " is no text");
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    if (lower.starts_with("x-vault-")) return wrong("headers that begin with X-Vault- are Vault's own");
    headers.add(name, *value.string());
  }
  return {};
}

Result<std::vector<std::string>> files_below(const Env& env, const std::string& folder) {
  auto names = env.files->list(folder);
  if (!names) return fail(names.error().wrap("VAULT_CAPATH cannot be read"));
  std::vector<std::string> files;
  for (const auto& name : *names)
    if (!env.files->is_directory(folder + "/" + name)) files.push_back(folder + "/" + name);
  if (files.empty())
    return fail(Code::not_found, "VAULT_CAPATH names a folder without certificates: " + folder);
  return files;
}

Result<net::TlsOptions> tls_options(const Env& env) {
  net::TlsOptions tls;
  TRY(const bool skip, boolean(env, "VAULT_SKIP_VERIFY"));
  tls.verify = !skip;
  tls.server_name = setting(env, "VAULT_TLS_SERVER_NAME");
  tls.client_cert_file = setting(env, "VAULT_CLIENT_CERT");
  tls.client_key_file = setting(env, "VAULT_CLIENT_KEY");
  if (tls.client_cert_file.empty() != tls.client_key_file.empty())
    return fail(Code::invalid_argument, "a client certificate needs its key, and a key its certificate", {},
                "set both VAULT_CLIENT_CERT and VAULT_CLIENT_KEY");
  if (auto file = setting(env, "VAULT_CACERT"); !file.empty()) {
    tls.ca_files = {std::move(file)};
  } else if (const auto pem = setting(env, "VAULT_CACERT_BYTES"); !pem.empty()) {
    auto inline_pem = std::make_shared<net::TlsPem>();
    inline_pem->authorities = {Secret(std::string_view(pem)), "VAULT_CACERT_BYTES"};
    tls.pem = std::move(inline_pem);
  } else if (const auto folder = setting(env, "VAULT_CAPATH"); !folder.empty()) {
    TRY(tls.ca_files, files_below(env, folder));
  }
  return tls;
}

}  // namespace

Result<VaultSettings> read_vault_settings(const Env& env, const std::string& service) {
  VaultSettings settings;
  TRY(settings.service.base, address(env, service));
  TRY_OK(refuse_proxy(env));
  TRY(settings.tls, tls_options(env));
  settings.engine = engine_path(env);
  settings.service.name =
      service + " at " + settings.service.base.scheme + "://" + settings.service.base.authority();
  settings.service.headers = {{"X-Vault-Request", "true"}};
  if (auto name = setting(env, "VAULT_NAMESPACE"); !name.empty())
    settings.service.headers.add("X-Vault-Namespace", std::move(name));
  TRY_OK(add_headers(env, settings.service.headers));
  TRY(settings.service.token, find_vault_token(env));
  settings.service.token_header = "X-Vault-Token";
  settings.service.redirects = remote::Redirects::standby;
  settings.service.tls_hint =
      "export VAULT_CACERT=FILE with its authority, or VAULT_TLS_SERVER_NAME=NAME with "
      "the name in its certificate";
  settings.service.address_hint = "is " + address_name(env) + " right?";
  settings.service.plain_hint =
      "is it http://? then export " + address_name(env) + "=http://" + settings.service.base.authority();
  settings.service.max_body = limits::service_body_bytes;
  return settings;
}

}  // namespace sigstore::keys
