#include "sigstore/keys/gitlab/gitlab_variables.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json_wipe.h"

namespace sigstore::keys {
namespace json = codec::json;
namespace {

constexpr std::string_view scheme = "gitlab://";
constexpr std::string_view api = "/api/v4";

std::string variable(const Env& env, const char* name) {
  return env.variables->get(name).value_or("");
}

// Letters, digits and what else stands in the path of a project.
bool is_place(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./+").find(c) != std::string_view::npos;
  });
  return plain && !text.empty() && text != "." && text != ".." && !text.starts_with('/') &&
         !text.ends_with('/') && text.find("//") == std::string_view::npos;
}

// The address of its API, by the variable that names it.
Result<net::Url> api_url(const Env& env) {
  std::string name = "GITLAB_HOST";
  std::string text = variable(env, "GITLAB_HOST");
  if (text.empty()) {
    name = "CI_API_V4_URL";
    text = variable(env, "CI_API_V4_URL");
  }
  if (text.empty()) text = "https://gitlab.com";
  if (text.find("://") == std::string::npos) text = "https://" + text;
  auto url = net::Url::parse(text);
  if (!url || !url->query.empty())
    return fail(Code::invalid_argument, name + " is no address of GitLab",
                url ? "it has a query" : url.error().text(), "export " + name + "=https://HOST");
  TRY_OK(remote::refuse_plain_http(*url, name, "GitLab"));
  while (url->path.ends_with('/')) url->path.pop_back();
  if (!url->path.ends_with(api)) url->path += api;
  return std::move(*url);
}

// What to try where nobody answers as GitLab does.
std::string address_hint(const Env& env) {
  for (const char* name : {"GITLAB_HOST", "CI_API_V4_URL"})
    if (!variable(env, name).empty()) return "is " + std::string(name) + " right?";
  return "GITLAB_HOST=https://HOST names a GitLab of your own";
}

// A refusal, with what to try about it.
Error explained(Error error) {
  if (error.code == Code::unauthorized)
    error.hint = "export GITLAB_TOKEN=TOKEN of this GitLab that is still valid, with the scope api";
  if (error.code == Code::forbidden)
    error.hint = "variables want a token with the scope api, of somebody who is a maintainer there";
  return error;
}

json::Object fields(const std::string& name, const Secret& value) {
  json::Object object = {{"key", name},
                         {"value", std::string(value.reveal())},
                         {"masked", false},
                         {"protected", false},
                         {"variable_type", "env_var"}};
  if (name == "COSIGN_PASSWORD") object.append("environment_scope", "*");
  return object;
}

}  // namespace

Result<std::string> parse_gitlab_reference(const std::string& text) {
  if (!text.starts_with(scheme)) return fail(Code::not_mine, "not a key of GitLab");
  if (text.size() > limits::key_uri_bytes) return fail(Code::too_large, "the key's name is too long");
  std::string place = text.substr(scheme.size());
  if (is_place(place)) return place;
  return fail(Code::invalid_argument, "\"" + text + "\" names no project of GitLab", {},
              "write gitlab://GROUP/PROJECT, gitlab://GROUP, or gitlab:// and the project's number");
}

Result<remote::ServiceOptions> read_gitlab_settings(const Env& env) {
  remote::ServiceOptions options;
  TRY(options.base, api_url(env));
  options.name = "GitLab at " + options.base.scheme + "://" + options.base.authority();
  TRY(options.token, remote::read_token(variable(env, "GITLAB_TOKEN"), "GITLAB_TOKEN"));
  if (options.token.empty())
    return fail(Code::not_found, "there is no token for " + options.name, "GITLAB_TOKEN is not set",
                "export GITLAB_TOKEN=TOKEN with the scope api");
  options.token_header = "PRIVATE-TOKEN";
  options.redirects = remote::Redirects::same_origin;
  options.tls_hint = "export SSL_CERT_FILE=FILE with its authority among others";
  options.address_hint = address_hint(env);
  options.max_body = limits::service_body_bytes;
  return options;
}

Result<Secret> parse_gitlab_variable(const json::Value& document, const std::string& name) {
  const json::Value* value = document.get("value");
  const std::string* text = value != nullptr ? value->string() : nullptr;
  if (text == nullptr)
    return fail(Code::malformed, "the answer for the variable " + name + " has no value",
                "it is no variable's document, or the variable is hidden",
                "a hidden variable cannot be read by anybody: make one that is visible");
  if (text->size() > limits::key_file_bytes)
    return fail(Code::too_large, "the variable " + name + " is too large to be a key");
  return Secret(std::string_view(*text));
}

Result<GitlabVariables> GitlabVariables::open(const Context& context, const std::string& place) {
  TRY(auto options, read_gitlab_settings(context.env));
  if (!context.connect) return fail(Code::unsupported, "there is no network here to ask GitLab over");
  auto service = std::make_unique<remote::Service>(context.env, context.connect({}), std::move(options));
  const std::string id = net::percent_encode(place);
  for (const char* kind : {"project", "group"}) {
    std::string path = "/" + std::string(kind) + "s/" + id;
    const auto found = service->ask({"GET", path, "find the " + std::string(kind) + " " + place, {}});
    if (found) {
      std::string what = "the " + std::string(kind) + " " + place + " of " + service->name();
      return GitlabVariables(std::move(service), std::move(path), std::move(what));
    }
    if (found.error().code != Code::not_found) return fail(explained(found.error()));
  }
  return fail(Code::not_found, "there is no project or group " + place + " in " + service->name(),
              "or this token may not see it", "GITLAB_HOST=https://HOST names a GitLab of your own");
}

Result<json::Value> GitlabVariables::ask(const std::string& method, const std::string& path,
                                         const std::string& what, std::optional<Secret> body) {
  auto answer = service_->ask({method, path_ + path, what, std::move(body)});
  if (!answer) return fail(explained(answer.error()));
  return answer;
}

Result<std::optional<Secret>> GitlabVariables::find(const std::string& name) {
  auto answer = ask("GET", "/variables/" + name, "read the variable " + name, {});
  if (!answer && answer.error().code == Code::not_found) return std::nullopt;
  if (!answer) return fail(std::move(answer).error());
  auto value = parse_gitlab_variable(*answer, name);
  json::wipe(*answer);
  if (!value) return fail(std::move(value).error());
  return std::move(*value);
}

Result<void> GitlabVariables::create(const std::string& name, const Secret& value) {
  TRY_OK(ask("POST", "/variables", "make the variable " + name, remote::secret_json(fields(name, value))));
  return {};
}

Result<void> GitlabVariables::replace(const std::string& name, const Secret& value) {
  TRY_OK(ask("PUT", "/variables/" + name, "replace the variable " + name,
             remote::secret_json(fields(name, value))));
  return {};
}

Result<void> GitlabVariables::remove(const std::string& name) {
  TRY_OK(ask("DELETE", "/variables/" + name, "remove the variable " + name, {}));
  return {};
}

}  // namespace sigstore::keys
