#include "server/host/token_endpoint.h"

#include <array>
#include <expected>

#include "server/host/challenge.h"
#include "server/host/error_body.h"
#include "server/host/form.h"
#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/rfc3339.h"

namespace server::host {

using namespace sigstore;

namespace {

template <typename T>
using OrResponse = std::expected<T, Response>;

Response json_response(int status, codec::json::Object body) {
  Response response{.status = status};
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.text = std::make_shared<const std::string>(codec::json::write(std::move(body)));
  return response;
}

// RFC 6749 section 5.2.
std::unexpected<Response> bad_form(const char* error, const char* description) {
  return std::unexpected(json_response(400, {{"error", error}, {"error_description", description}}));
}

struct Asked {
  Form form;
  Authorization login;
};

OrResponse<std::string> read_form(const Request& request) {
  std::string text;
  std::array<std::uint8_t, 4096> step;
  while (true) {
    const auto got = request.body->read(step);
    if (!got) return bad_form("invalid_request", "the form cannot be read");
    if (*got == 0) return text;
    if (text.size() + *got > limits::token_request_bytes)
      return std::unexpected(error_response(413, "SIZE_INVALID", "the form is too large"));
    text.append(reinterpret_cast<const char*>(step.data()), *got);
  }
}

OrResponse<Asked> read_post(const Request& request) {
  auto text = read_form(request);
  if (!text) return std::unexpected(std::move(text).error());
  Asked asked{Form::parse(*text), NoLogin{}};
  wipe(*text);
  if (asked.form.get("grant_type") != "password")
    return bad_form("unsupported_grant_type", "only grant_type=password is known here");
  std::string password = asked.form.get("password");
  asked.login = Login{asked.form.get("username"), Secret(password)};
  wipe(password);
  return asked;
}

OrResponse<Asked> read_request(const Request& request) {
  if (request.method == "POST") return read_post(request);
  const auto query = request.target.find('?');
  return Asked{Form::parse(query == request.target.npos ? "" : request.target.substr(query + 1)),
               parse_authorization(request.headers->get("Authorization").value_or(""))};
}

// Who it is for: a user, or "" for anybody.
OrResponse<std::string> identify(const Asked& asked, const Request& request, Users& users,
                                 const GuardOptions& options) {
  if (std::holds_alternative<NoLogin>(asked.login) && options.anonymous_pull) return std::string();
  const auto* login = std::get_if<Login>(&asked.login);
  if (login == nullptr) {
    const bool none = std::holds_alternative<NoLogin>(asked.login);
    return std::unexpected(password_needed(options, none ? Refusal::no_login : Refusal::wrong_login));
  }
  const auto outcome = users.check(*login, request.peer);
  if (outcome.kind == Users::Outcome::Kind::later)
    return std::unexpected(too_many_requests(outcome.wait, "too many wrong passwords"));
  if (outcome.kind == Users::Outcome::Kind::wrong)
    return std::unexpected(password_needed(options, Refusal::wrong_login));
  return login->user;
}

Grants wanted(const Form& form) {
  std::string scopes;
  for (const std::string& scope : form.all("scope")) scopes += (scopes.empty() ? "" : " ") + scope;
  return parse_scopes(scopes);
}

Response give(const Tokens& tokens, const Claims& claims, Time now) {
  const std::string token = tokens.issue(claims);
  Response response = json_response(200, {{"token", token},
                                          {"access_token", token},
                                          {"token_type", "Bearer"},
                                          {"scope", scope_text(claims.access)},
                                          {"expires_in", static_cast<std::int64_t>(Tokens::life.count())},
                                          {"issued_at", codec::rfc3339::seconds(now)}});
  response.user = claims.user;
  return response;
}

OrResponse<Response> answer(const Request& request, Users& users, const GuardOptions& options) {
  auto asked = read_request(request);
  if (!asked) return std::unexpected(std::move(asked).error());
  const std::string service = asked->form.get("service");
  if (!service.empty() && service != options.tokens->service())
    return bad_form("invalid_request", "tokens for another service are not given here");
  auto user = identify(*asked, request, users, options);
  if (!user) return std::unexpected(std::move(user).error());
  const auto hash = users.hash_of(*user);
  const Claims claims{*user, hash ? options.tokens->stamp(*hash) : "",
                      granted(wanted(asked->form), !user->empty())};
  return give(*options.tokens, claims, users.now());
}

}  // namespace

Grants granted(const Grants& wanted, bool is_user) {
  Grants grants;
  for (Grant grant : wanted) {
    auto& actions = grant.actions;
    if (grant.type == "repository") {
      if (actions.erase("*") != 0) actions = {"delete", "pull", "push"};
      if (actions.contains("push")) actions.insert("delete");
      std::erase_if(actions, [&](const std::string& action) {
        return action != "pull" && !(is_user && (action == "push" || action == "delete"));
      });
    } else if (grant.type != "registry" || grant.name != "catalog") {
      continue;
    }
    if (!actions.empty()) grants.push_back(std::move(grant));
  }
  return grants;
}

Response give_token(const Request& request, Users& users, const GuardOptions& options) {
  if (request.method != "GET" && request.method != "POST") {
    Response response = error_response(405, "UNSUPPORTED", "tokens are asked for by GET or POST");
    response.headers.add("Allow", "GET, POST");
    return response;
  }
  auto answered = answer(request, users, options);
  Response response = answered ? std::move(*answered) : std::move(answered).error();
  response.route = "token";
  return response;
}

}  // namespace server::host
