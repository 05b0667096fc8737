#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"
#include "sigstore/keys/vault/vault_settings.h"

namespace sigstore::keys {
namespace {

constexpr std::size_t configuration_bytes = 64 * limits::kib;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string at_home(const Env& env, const std::string& path) {
  const auto home = env.variables->get("HOME");
  if (!path.starts_with("~/")) return path;
  return home && !home->empty() ? *home + path.substr(1) : "";
}

Result<Secret> by_helper(const Env& env, const std::string& program) {
  auto output = env.processes->run({program, "get"}, "", limits::helper_timeout, limits::helper_output_bytes);
  if (!output) return fail(output.error().wrap("the token helper " + program + " did not run"));
  if (output->exit_code != 0)
    return fail(Code::unauthorized, "the token helper " + program + " gave no token",
                codec::printable(trimmed(output->err).substr(0, 200)),
                "vault login, or export VAULT_TOKEN=…");
  return remote::read_token(std::move(output->out), "the token helper " + program);
}

}  // namespace

std::string token_helper_of(std::string_view configuration) {
  while (!configuration.empty()) {
    const auto end = std::min(configuration.find('\n'), configuration.size());
    std::string_view line = trimmed(configuration.substr(0, end));
    configuration.remove_prefix(std::min(end + 1, configuration.size()));
    if (line.starts_with('"')) line.remove_prefix(1);  // HCL lets a key stand in quotes
    if (!line.starts_with("token_helper")) continue;
    const auto open = line.find_first_not_of(" \t=\"", std::string_view("token_helper").size());
    if (open == std::string_view::npos || line[open - 1] != '"') continue;
    return std::string(line.substr(open, line.find('"', open) - open));
  }
  return {};
}

Result<Secret> find_vault_token(const Env& env) {
  for (const char* name : {"VAULT_TOKEN", "BAO_TOKEN"})
    if (auto value = env.variables->get(name); value && !value->empty())
      return remote::read_token(std::move(*value), name);
  const auto configured = env.variables->get("VAULT_CONFIG_PATH").value_or("");
  const auto configuration =
      env.files->read(at_home(env, configured.empty() ? "~/.vault" : configured), configuration_bytes);
  if (configuration)
    if (const auto program = token_helper_of(*configuration); !program.empty()) {
      TRY(auto token, by_helper(env, program));
      if (!token.empty()) return token;
    }
  if (auto file = env.files->read(at_home(env, "~/.vault-token"), limits::password_bytes); file) {
    TRY(auto token, remote::read_token(std::move(*file), "~/.vault-token"));
    if (!token.empty()) return token;
  }
  return fail(Code::not_found, "there is no token for Vault",
              "VAULT_TOKEN and BAO_TOKEN are not set, and ~/.vault-token holds none",
              "vault login, or export VAULT_TOKEN=…");
}

}  // namespace sigstore::keys
