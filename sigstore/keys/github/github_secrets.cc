#include "sigstore/keys/github/github_secrets.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/base64.h"
#include "sigstore/crypto/sealed_box.h"

namespace sigstore::keys {
namespace json = codec::json;
namespace {

constexpr std::string_view scheme = "github://";
constexpr std::string_view enterprise_api = "/api/v3";
constexpr std::size_t id_bytes = 256;

std::string variable(const Env& env, const char* name) {
  return env.variables->get(name).value_or("");
}

bool is_word(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

Result<net::Url> address(const std::string& name, std::string text) {
  if (text.find("://") == std::string::npos) text = "https://" + text;
  auto url = net::Url::parse(text);
  if (!url || !url->query.empty())
    return fail(Code::invalid_argument, name + " is no address of GitHub",
                url ? "it has a query" : url.error().text(), "export " + name + "=https://HOST");
  TRY_OK(remote::refuse_plain_http(*url, name, "GitHub"));
  while (url->path.ends_with('/')) url->path.pop_back();
  return std::move(*url);
}

// The API of a GitHub Enterprise server, by its host, stands below /api/v3; a host of an API's own has it at
// the root.
Result<net::Url> api_url(const Env& env) {
  if (auto host = variable(env, "GITHUB_HOST"); !host.empty()) {
    TRY(auto url, address("GITHUB_HOST", std::move(host)));
    const bool own = url.host.starts_with("api.") || url.host.find(".api.") != std::string::npos;
    if (!own && !url.path.ends_with(enterprise_api)) url.path += enterprise_api;
    return url;
  }
  auto api = variable(env, "GITHUB_API_URL");
  return address("GITHUB_API_URL", api.empty() ? "https://api.github.com" : std::move(api));
}

// What to try where nobody answers as GitHub does.
std::string address_hint(const Env& env) {
  for (const char* name : {"GITHUB_HOST", "GITHUB_API_URL"})
    if (!variable(env, name).empty()) return "is " + std::string(name) + " right?";
  return "GITHUB_HOST=https://HOST names a GitHub of your own";
}

Error explained(Error error, const GithubPlace& place) {
  const std::string scope = place.repository.empty() ? "admin:org" : "repo";
  if (error.code == Code::unauthorized) error.hint = "export GITHUB_TOKEN=TOKEN that is still valid";
  if (error.code == Code::forbidden || error.code == Code::not_found)
    error.hint = "secrets want a GITHUB_TOKEN with the scope " + scope +
                 ", or a fine-grained one that may write secrets; GITHUB_HOST names a GitHub of your own";
  if (error.code == Code::not_found)
    error.message = place.text() + " is not there, or this token may not see it";
  return error;
}

}  // namespace

std::string GithubPlace::path() const {
  const std::string name = net::percent_encode(owner);
  return repository.empty() ? "/orgs/" + name : "/repos/" + name + "/" + net::percent_encode(repository);
}

std::string GithubPlace::text() const {
  return repository.empty() ? "the organization " + owner : "the repository " + owner + "/" + repository;
}

Result<GithubPlace> parse_github_reference(const std::string& text) {
  if (!text.starts_with(scheme)) return fail(Code::not_mine, "not a place on GitHub");
  if (text.size() > limits::key_uri_bytes) return fail(Code::too_large, "the name of the place is too long");
  const std::string place = text.substr(scheme.size());
  const auto slash = std::min(place.find('/'), place.size());
  GithubPlace parsed{place.substr(0, slash), slash < place.size() ? place.substr(slash + 1) : ""};
  if (is_word(parsed.owner) && (slash == place.size() || is_word(parsed.repository))) return parsed;
  return fail(Code::invalid_argument, "\"" + text + "\" is no place on GitHub", {},
              "write github://OWNER/REPOSITORY or github://ORGANIZATION");
}

Result<remote::ServiceOptions> read_github_settings(const Env& env) {
  remote::ServiceOptions options;
  TRY(options.base, api_url(env));
  options.name = "GitHub at " + options.base.scheme + "://" + options.base.authority();
  TRY(options.token, remote::read_token(variable(env, "GITHUB_TOKEN"), "GITHUB_TOKEN"));
  if (options.token.empty())
    return fail(Code::not_found, "there is no token for " + options.name, "GITHUB_TOKEN is not set",
                "export GITHUB_TOKEN=TOKEN that may write secrets");
  options.headers = {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};
  options.token_header = "Authorization";
  options.token_prefix = "Bearer ";
  options.redirects = remote::Redirects::same_origin;
  options.tls_hint = "export SSL_CERT_FILE=FILE with its authority among others";
  options.address_hint = address_hint(env);
  options.max_body = limits::service_body_bytes;
  return options;
}

Result<GithubSealingKey> parse_github_key(const json::Value& answer) {
  const auto wrong = [](std::string cause) {
    return fail(Code::malformed, "the answer is no key to seal secrets for", std::move(cause));
  };
  const json::Value* id = answer.get("key_id");
  const json::Value* text = answer.get("key");
  if (id == nullptr || id->string() == nullptr || text == nullptr || text->string() == nullptr)
    return wrong("it has no texts \"key_id\" and \"key\"");
  if (id->string()->empty() || id->string()->size() > id_bytes)
    return wrong("its \"key_id\" is empty or too long");
  auto key = codec::base64::decode(*text->string());
  if (!key || key->size() != crypto::sealed_box_key_size)
    return wrong("its \"key\" is not the base64 of 32 bytes");
  return GithubSealingKey{*id->string(), std::move(*key)};
}

GithubSecrets::GithubSecrets(std::unique_ptr<remote::Service> service, const GithubPlace& place)
    : service_(std::move(service)), place_(place), what_(place.text() + " of " + service_->name()) {}

Result<GithubSecrets> GithubSecrets::open(const Context& context, const GithubPlace& place) {
  TRY(auto options, read_github_settings(context.env));
  if (!context.connect) return fail(Code::unsupported, "there is no network here to ask GitHub over");
  GithubSecrets secrets(
      std::make_unique<remote::Service>(context.env, context.connect({}), std::move(options)), place);
  TRY(const auto answer, secrets.ask("GET", "/public-key", "read the key that secrets are sealed for", {}));
  auto key = parse_github_key(answer);
  if (!key) return fail(key.error().wrap(secrets.what() + " cannot be given secrets"));
  secrets.key_ = std::move(*key);
  return secrets;
}

Result<json::Value> GithubSecrets::ask(const std::string& method, const std::string& path,
                                       const std::string& what, std::optional<Secret> body) {
  auto answer = service_->ask({method, place_.path() + "/actions/secrets" + path, what, std::move(body)});
  if (!answer) return fail(explained(answer.error(), place_));
  return answer;
}

Result<bool> GithubSecrets::has(const std::string& name) {
  const auto answer = ask("GET", "/" + name, "look for the secret " + name, {});
  if (!answer && answer.error().code == Code::not_found) return false;
  if (!answer) return fail(answer.error());
  return true;
}

Result<void> GithubSecrets::write(const std::string& name, const Secret& value) {
  auto box = crypto::seal_box(value, key_.key);
  if (!box) return fail(box.error().wrap(what() + " cannot be given secrets"));
  json::Object body = {{"encrypted_value", codec::base64::encode(*box)}, {"key_id", key_.id}};
  if (place_.repository.empty()) body.append("visibility", "private");
  TRY_OK(ask("PUT", "/" + name, "write the secret " + name, remote::secret_json(std::move(body))));
  return {};
}

Result<void> GithubSecrets::remove(const std::string& name) {
  TRY_OK(ask("DELETE", "/" + name, "remove the secret " + name, {}));
  return {};
}

}  // namespace sigstore::keys
