#include "sigstore/keys/k8s/internal/exec_plugin.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/json_wipe.h"
#include "sigstore/codec/printable.h"

namespace sigstore::keys::k8s {
namespace json = codec::json;
namespace {

constexpr int not_runnable = 126, not_found = 127;  // a shell's

// Of a word for sh, which takes everything but ' within '.
std::string quoted(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'')
      word += "'\\''";
    else
      word += c;
  }
  return word + "'";
}

Result<std::string> authorities_text(Files& files, const Cluster& cluster) {
  const Material& material = cluster.authorities;
  if (material.file.empty()) return std::string(material.pem.reveal());
  return files.read(material.file, limits::ca_bundle_bytes);
}

Result<json::Object> cluster_info(const Env& env, const Cluster& cluster) {
  json::Object info{{"server", cluster.server}};
  if (!cluster.server_name.empty()) info.set("tls-server-name", cluster.server_name);
  if (cluster.insecure) info.set("insecure-skip-tls-verify", true);
  TRY(const auto authorities, authorities_text(*env.files, cluster));
  if (!authorities.empty())
    info.set("certificate-authority-data", codec::base64::encode(as_bytes(authorities)));
  if (!cluster.exec_config.is_null()) info.set("config", cluster.exec_config);
  return info;
}

// What the program is told in KUBERNETES_EXEC_INFO.
Result<std::string> exec_info(const Env& env, const Chosen& chosen) {
  const ExecPlugin& plugin = *chosen.user.exec;
  json::Object spec;
  if (plugin.cluster_info) {
    TRY(auto info, cluster_info(env, chosen.cluster));
    spec.set("cluster", std::move(info));
  }
  spec.set("interactive", false);
  return json::write(json::Object{
      {"kind", "ExecCredential"}, {"apiVersion", plugin.api_version}, {"spec", std::move(spec)}});
}

// A script for sh on its stdin: so the values of variables are in nobody's argv.
Result<Secret> script(const ExecPlugin& plugin, const std::string& info) {
  std::string text = "export KUBERNETES_EXEC_INFO=" + quoted(info) + "\n";
  for (const auto& [name, value] : plugin.variables)
    text += "export " + name + "=" + quoted(value.reveal()) + "\n";
  const std::string command = quoted(plugin.command);
  text +=
      "command -v " + command + " >/dev/null 2>&1 || exit " + std::to_string(not_found) + "\nexec " + command;
  for (const auto& argument : plugin.arguments) text += " " + quoted(argument);
  text += " </dev/null\n";
  const bool clean = text.find('\0') == std::string::npos;
  Secret made{std::string_view(text)};
  wipe(text);
  if (!clean) return fail(Code::malformed, "exec has a value with a NUL in it");
  return made;
}

std::string hint_of(const ExecPlugin& plugin, const std::string& otherwise) {
  if (plugin.install_hint.empty()) return otherwise;
  std::string hint = codec::printable_lines(plugin.install_hint);
  while (hint.ends_with('\n')) hint.pop_back();
  return hint;
}

Error failed(const ExecPlugin& plugin, const std::string& what, int code) {
  if (code == not_found || code == not_runnable)
    return {Code::io, what + " cannot be run",
            code == not_found ? "there is no such program on PATH" : "it is no program",
            hint_of(plugin, "install it, or give the user of the kubeconfig a token")};
  return {Code::io, what + " failed", "it ended with exit code " + std::to_string(code),
          "see what it says: " + codec::printable(plugin.command)};
}

std::unexpected<Error> no_answer(const std::string& what, std::string why) {
  return fail(Code::malformed, what + " gave no usable answer", std::move(why));
}

}  // namespace

Result<Credentials> parse_exec_credential(std::string_view text, const std::string& api_version,
                                          const std::string& what) {
  // The parser's own words could repeat a piece of a secret.
  auto answer = json::parse(text, what, {.max_depth = 16, .max_bytes = limits::plugin_output_bytes});
  if (!answer || answer->object() == nullptr) return no_answer(what, "it is no JSON object");
  const json::Object& object = *answer->object();
  const auto says = [&](std::string_view key, std::string_view wanted) {
    const auto* value = object.find(key);
    return value != nullptr && value->string() != nullptr && *value->string() == wanted;
  };
  if (!says("kind", "ExecCredential")) return no_answer(what, "it is no ExecCredential");
  if (!says("apiVersion", api_version)) return no_answer(what, "it is not of the version " + api_version);
  const auto* status = object.find("status");
  if (status == nullptr || status->object() == nullptr) return no_answer(what, "it has no status");
  const auto member = [&](const char* key) { return json::optional_string(*status->object(), key, what); };
  TRY(auto token, member("token"));
  TRY(auto certificate, member("clientCertificateData"));
  TRY(auto key, member("clientKeyData"));
  if (token.empty() && certificate.empty() && key.empty())
    return no_answer(what, "it has neither a token nor a certificate");
  if (certificate.empty() != key.empty())
    return no_answer(what, "it has only one of clientCertificateData and clientKeyData");
  if (!std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; }))
    return no_answer(what, "its token has characters that no token has");
  Credentials found;
  found.token = Secret(token);
  found.certificate = {Secret(certificate), "the answer of " + what};
  found.key = {Secret(key), "the answer of " + what};
  wipe(token);
  wipe(key);
  json::wipe(*answer);
  return found;
}

Result<Credentials> ask_exec_plugin(const Env& env, const Chosen& chosen) {
  const ExecPlugin& plugin = *chosen.user.exec;
  const std::string what =
      codec::printable(plugin.command) + " (the exec plugin of " + chosen.user.place + ")";
  TRY(const auto info, exec_info(env, chosen));
  auto input = script(plugin, info);
  if (!input) return fail(input.error().wrap(what + " cannot be run"));
  auto output = env.processes->run_speaking({"sh"}, input->reveal(), limits::plugin_timeout,
                                            limits::plugin_output_bytes);
  if (!output) return fail(output.error().wrap(what + " gave no answer"));
  if (output->exit_code != 0) return fail(failed(plugin, what, output->exit_code));
  auto found = parse_exec_credential(output->out, plugin.api_version, what);
  wipe(output->out);
  return found;
}

}  // namespace sigstore::keys::k8s
