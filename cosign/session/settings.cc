#include "cosign/session/settings.h"

#include <charconv>

#include "cosign/args/size.h"

namespace cosign {

using sigstore::Code;
using sigstore::Env;
using sigstore::fail;
using sigstore::Result;

namespace {

constexpr std::uint64_t largest_attachment = std::uint64_t{1} << 40;

std::unexpected<sigstore::Error> bad_variable(const std::string& name, const std::string& value,
                                              const std::string& reason) {
  return fail(Code::invalid_argument, "invalid value \"" + value + "\" of the variable " + name,
              "it " + reason);
}

// The text of a variable; empty counts as unset.
std::optional<std::string> variable(const Env& env, const std::string& name) {
  auto value = env.variables->get(name);
  return value && !value->empty() ? value : std::nullopt;
}

Result<void> need_file(const Env& env, const std::string& flag, const std::string& path) {
  if (path.empty() || env.files->exists(path)) return {};
  return fail(Code::invalid_argument, flag + " names a file that does not exist", path);
}

Result<sigstore::net::TlsOptions> tls_options(const Env& env, const RegistryFlags& flags) {
  TRY_OK(need_file(env, "--registry-cacert", flags.cacert));
  TRY_OK(need_file(env, "--registry-client-cert", flags.client_cert));
  TRY_OK(need_file(env, "--registry-client-key", flags.client_key));
  if (flags.client_cert.empty() != flags.client_key.empty())
    return fail(Code::invalid_argument, "--registry-client-cert and --registry-client-key belong together",
                "only one of them was given");
  sigstore::net::TlsOptions tls;
  tls.verify = !flags.allow_insecure;
  if (!flags.cacert.empty()) tls.ca_files = {flags.cacert};
  tls.client_cert_file = flags.client_cert;
  tls.client_key_file = flags.client_key;
  tls.server_name = flags.server_name;
  return tls;
}

Result<std::optional<sigstore::Time>> source_date(const Env& env) {
  const auto text = variable(env, "SOURCE_DATE_EPOCH");
  if (!text) return std::nullopt;
  constexpr std::int64_t most_seconds = 253402300799;  // 9999-12-31T23:59:59Z
  std::int64_t seconds = -1;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc() || end != text->data() + text->size() || seconds < 0 || seconds > most_seconds)
    return bad_variable("SOURCE_DATE_EPOCH", *text, "must be seconds since 1970");
  return sigstore::Time(std::chrono::seconds(seconds));
}

}  // namespace

Result<RegistrySettings> registry_settings(const Env& env, const RegistryFlags& flags) {
  if (flags.k8s_keychain)
    return fail(Code::invalid_argument, "--k8s-keychain is not supported by this version", "",
                "cosign login REGISTRY, or --registry-username and --registry-password");
  RegistrySettings settings;
  settings.own_tags = flags.own_tags;
  TRY(settings.tls, tls_options(env, flags));
  TRY(settings.created, source_date(env));
  if (flags.record_creation && !settings.created) settings.created = env.clock->now();
  const std::string docker = variable(env, "COSIGN_DOCKER_MEDIA_TYPES").value_or("false");
  FlagSet flag;
  if (auto set = flag.boolean("docker", &settings.docker_media_types, "").set(docker); !set)
    return bad_variable("COSIGN_DOCKER_MEDIA_TYPES", docker, set.error().message);
  if (const auto size = variable(env, "COSIGN_MAX_ATTACHMENT_SIZE")) {
    const auto bytes = parse_size(*size);
    if (!bytes || *bytes == 0 || *bytes > largest_attachment)
      return bad_variable("COSIGN_MAX_ATTACHMENT_SIZE", *size, "must be a size such as 128MiB");
    settings.max_attachment = *bytes;
  }
  return settings;
}

}  // namespace cosign
