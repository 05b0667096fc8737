#include "sigstore/keys/k8s/internal/secrets_api.h"

#include "sigstore/base/limits.h"

namespace sigstore::keys::k8s {
namespace json = codec::json;
namespace {

// 1 MiB of data is the most that a secret holds; in base64, with what the server writes about it.
constexpr std::size_t secret_bytes = 2 * limits::service_body_bytes;

remote::ServiceOptions options_of(Access access) {
  remote::ServiceOptions options;
  options.name = access.name;
  options.base = std::move(access.server);
  options.headers = std::move(access.acting_as);
  options.headers.set("Accept", "application/json");
  options.token_header = "Authorization";
  options.token_prefix = std::move(access.scheme);
  options.token = std::move(access.token);
  options.tls_hint = std::move(access.tls_hint);
  options.address_hint = std::move(access.address_hint);
  options.max_body = secret_bytes;
  return options;
}

std::string kubectl(const SecretName& name, const std::string& verb) {
  return "kubectl " + verb + " " + name.name + " -n " + name.space;
}

}  // namespace

Result<SecretsApi> SecretsApi::open(const Context& context) {
  TRY(auto access, find_access(context.env));
  if (!context.connect) return fail(Code::unsupported, "there is no network here");
  auto transport = context.connect(access.tls);
  const std::string who = access.who;
  const std::string withheld = access.withheld;
  return SecretsApi(remote::Service(context.env, std::move(transport), options_of(std::move(access))), who,
                    withheld);
}

Result<json::Value> SecretsApi::ask(const SecretName& name, const std::string& verb,
                                    remote::ServiceRequest request) {
  request.what = verb + " the secret " + name.text();
  auto answer = service_.ask(request);
  if (answer) return answer;
  Error error = std::move(answer).error();
  if (error.code == Code::unauthorized) {
    error.message = service_.name() + " does not know " + who_;
    error.hint = "log in again; does " + kubectl(name, "get secret") + " work?";
  } else if (error.code == Code::forbidden) {
    error.message = service_.name() + " does not let " + who_ + " " + request.what;
    error.hint = "see: " + kubectl(name, "auth can-i " + verb + " secret");
  }
  const bool refused = error.code == Code::unauthorized || error.code == Code::forbidden;
  if (!withheld_.empty() && (refused || error.code == Code::not_found))
    error.cause += "; the server is http://, so the credentials of " + withheld_ + " were not sent to it";
  if (!withheld_.empty() && refused) error.hint = "name the server as https:// in the kubeconfig";
  return fail(std::move(error));
}

Result<KeySecret> SecretsApi::get(const SecretName& name) {
  TRY(auto answer, ask(name, "get", {.method = "GET", .path = name.path(), .what = {}, .body = {}}));
  return parse_secret(std::move(answer), name);
}

Result<KeySecret> SecretsApi::read(const SecretName& name) {
  auto found = get(name);
  if (found || found.error().code != Code::not_found) return found;
  Error error = std::move(found).error();
  error.message = "there is no secret " + name.text() + " in " + service_.name();
  error.hint = "cosign generate-key-pair k8s://" + name.text() + " makes one";
  return fail(std::move(error));
}

Result<std::optional<KeySecret>> SecretsApi::look(const SecretName& name) {
  auto found = get(name);
  if (found) return std::move(*found);
  if (found.error().code == Code::not_found) return std::nullopt;
  return fail(std::move(found).error());
}

Result<void> SecretsApi::create(const SecretName& name, json::Value secret) {
  auto answer = ask(name, "create",
                    {.method = "POST",
                     .path = name.collection(),
                     .what = {},
                     .body = remote::secret_json(std::move(secret))});
  if (answer) return {};
  Error error = std::move(answer).error();
  if (error.code == Code::conflict)
    error.hint = "somebody else made it at the same time: see " + kubectl(name, "get secret");
  if (error.code == Code::not_found) error.hint = "kubectl create namespace " + name.space;
  return fail(std::move(error));
}

Result<void> SecretsApi::replace(const SecretName& name, json::Value secret) {
  auto answer =
      ask(name, "update",
          {.method = "PUT", .path = name.path(), .what = {}, .body = remote::secret_json(std::move(secret))});
  if (answer) return {};
  Error error = std::move(answer).error();
  if (error.code == Code::conflict) error.hint = "somebody else changed it at the same time: try again";
  return fail(std::move(error));
}

}  // namespace sigstore::keys::k8s
