#include "sigstore/remote/registry/testing/http_fixture.h"

#include <algorithm>
#include <stdexcept>

#include "sigstore/codec/base64.h"

namespace sigstore::remote::testing {

using net::testing::answer;

Result<std::optional<Credential>> FixedCredentials::find(const oci::Repository& repository) {
  ++asked_;
  if (error_) return fail(*error_);
  const auto known = known_.find(repository.registry);
  if (known == known_.end()) return std::nullopt;
  const Credential& here = known->second;
  return Credential{here.username, here.password.clone(), here.identity_token.clone(),
                    here.registry_token.clone(), here.source};
}

void FixedCredentials::add(const std::string& registry, const std::string& user,
                           const std::string& password) {
  known_[registry] = {user, Secret(password), {}, {}, "config.json"};
}

void FixedCredentials::add_identity_token(const std::string& registry, const std::string& token) {
  known_[registry] = {{}, {}, Secret(token), {}, "config.json"};
}

void FixedCredentials::add_registry_token(const std::string& registry, const std::string& token) {
  known_[registry] = {{}, {}, {}, Secret(token), "config.json"};
}

Context HttpFixture::context() {
  options.notice = [this](std::string_view line) { notices.emplace_back(line); };
  return {fake.env(), &http, {&credentials}, options};
}

std::string HttpFixture::at(const std::string& method, const std::string& path) {
  return method + " https://" + host + "/v2/" + (path.empty() ? "" : "app/" + path);
}

void HttpFixture::open_registry() {
  http.on(at("GET"), answer(200));
}

void HttpFixture::basic_registry(const std::string& user, const std::string& password) {
  const std::string wanted = "Basic " + codec::base64::encode(as_bytes(user + ":" + password));
  http.on(at("GET"), [wanted](const net::Request& request) -> Result<net::Response> {
    if (authorization(request) == wanted) return answer(200);
    return answer(401, {{"WWW-Authenticate", "Basic realm=\"test\""}});
  });
}

net::Headers HttpFixture::bearer_challenge(const std::string& more) {
  return {{"WWW-Authenticate",
           "Bearer realm=\"https://auth.example/token\",service=\"" + std::string(host) + "\"" + more}};
}

void HttpFixture::bearer_registry() {
  http.on(at("GET"), answer(401, bearer_challenge()));
  const auto hand_out = [n = std::make_shared<int>(0)](const net::Request&) -> Result<net::Response> {
    return answer(200, {}, R"({"token":"token-)" + std::to_string(++*n) + R"(","expires_in":300})");
  };
  http.on("GET https://auth.example/token*", hand_out);
  http.on("POST https://auth.example/token*", hand_out);
}

Client& ClientFixture::client() {
  if (!client_) client_.emplace(context());
  return *client_;
}

Call ClientFixture::call(const std::string& path) {
  Call call;
  call.repository = app();
  call.path = path;
  call.subject = "it";
  return call;
}

Call ClientFixture::push(const std::string& path) {
  Call wanted = call(path);
  wanted.method = "PUT";
  wanted.access = Access::push;
  return wanted;
}

Reply ClientFixture::send(const Call& wanted) {
  auto reply = client().send(wanted);
  if (!reply) throw std::runtime_error(wanted.path + ": " + reply.error().text());
  return std::move(*reply);
}

Error ClientFixture::refused(const Call& wanted) {
  const auto reply = client().send(wanted);
  if (reply) throw std::runtime_error(wanted.path + " was answered");
  return reply.error();
}

void ClientFixture::needs_token(const std::string& target, const std::string& more) {
  http.on(target, [more](const net::Request& request) -> Result<net::Response> {
    if (authorization(request).starts_with("Bearer token-")) return answer(200, {}, "{}");
    return answer(401, bearer_challenge(more));
  });
}

bool travelled(const net::testing::ScriptedTransport& http, std::string_view url, std::string_view text) {
  const auto holds = [&](std::string_view where) { return where.find(text) != std::string_view::npos; };
  return std::ranges::any_of(http.requests(), [&](const net::Request& request) {
    if (!request.url.text().starts_with(url)) return false;
    if (holds(request.url.text()) || holds(request.body)) return true;
    return std::ranges::any_of(request.headers.list(),
                               [&](const auto& header) { return holds(header.second); });
  });
}

std::string authorization(const net::Request& request) {
  return request.headers.get("Authorization").value_or("");
}

}  // namespace sigstore::remote::testing
