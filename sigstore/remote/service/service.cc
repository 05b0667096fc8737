#include "sigstore/remote/service/service.h"

#include <algorithm>

#include "sigstore/codec/json_wipe.h"
#include "sigstore/net/retry.h"
#include "sigstore/remote/service/failure.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

using net::Url;

bool is_reading(const std::string& method) {
  return method == "GET" || method == "HEAD";
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

bool keeps_its_method(int status) {
  return status == 307 || status == 308;
}

bool may_follow(Redirects allowed, const net::Request& from, int status, const Url& to) {
  switch (allowed) {
    case Redirects::none:
      return false;
    case Redirects::same_origin:
      return from.url.same_origin(to) && (is_reading(from.method) || keeps_its_method(status));
    case Redirects::standby:
      return status == 307 && (from.url.scheme == to.scheme) &&
             (from.url.host == to.host || to.scheme == "https");
  }
  return false;
}

int most_redirects(Redirects allowed) {
  return allowed == Redirects::same_origin ? limits::redirects : allowed == Redirects::standby ? 1 : 0;
}

// Where an answer sends us, if it may.
std::optional<Url> next_place(Redirects allowed, const net::Request& request, const net::Response& answer) {
  if (!is_redirect(answer.status)) return std::nullopt;
  const auto location = answer.headers.get("Location");
  if (!location) return std::nullopt;
  auto place = request.url.resolve(*location);
  if (!place || !may_follow(allowed, request, answer.status, *place)) return std::nullopt;
  return std::move(*place);
}

// An answer that repeats the token must not bring it into a message, and so into a log. What is shorter than
// any token stands in many words.
void take_out(std::string& text, std::string_view token) {
  constexpr std::size_t shortest = 6;
  constexpr std::string_view instead = "…";
  if (token.size() < shortest) return;
  for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at + instead.size()))
    text.replace(at, token.size(), instead);
}

// What to try when there was no answer at all. The transport advises on a server without TLS by a flag of
// registries, and on nothing else that is malformed.
std::string hint_without_answer(const ServiceOptions& options, const Error& error) {
  if (error.code == Code::tls) return options.tls_hint;
  if (error.code == Code::malformed && !error.hint.empty())
    return options.plain_hint.empty() ? options.address_hint : options.plain_hint;
  const bool nobody = error.code == Code::unreachable || error.code == Code::timeout;
  return nobody && error.hint.empty() ? options.address_hint : error.hint;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

Result<void> refuse_plain_http(const Url& base, const std::string& place, const std::string& service) {
  if (base.scheme == "https" || net::is_loopback(base.host)) return {};
  return fail(Code::invalid_argument, place + " would send the token of " + service + " in clear",
              "it is http://, and not of this machine", "export " + place + "=https://HOST");
}

Result<Secret> read_token(std::string text, const std::string& place) {
  constexpr const char* white = " \t\r\n";
  std::string_view token = text;
  token.remove_prefix(std::min(token.find_first_not_of(white), token.size()));
  token = token.substr(0, token.find_last_not_of(white) + 1);
  const bool clean = token.find_first_of(white) == std::string_view::npos;
  Secret secret{token};
  wipe(text);
  if (clean) return secret;
  return fail(Code::malformed, place + " holds no token", "a token has no blanks and no line breaks");
}

Secret secret_json(json::Value document) {
  std::string text = json::write_plain(document);
  Secret secret{std::string_view(text)};
  wipe(text);
  json::wipe(document);
  return secret;
}

Service::Service(const Env& env, std::unique_ptr<net::Transport> transport, ServiceOptions options)
    : env_(env), transport_(std::move(transport)), options_(std::move(options)) {}

Result<net::Request> Service::build(const ServiceRequest& asked) const {
  if (!asked.path.starts_with('/')) return fail(Code::internal, "a path of " + name() + " starts with no /");
  net::Request request;
  request.method = asked.method;
  request.url = options_.base;
  while (request.url.path.ends_with('/')) request.url.path.pop_back();
  const auto question = std::min(asked.path.find('?'), asked.path.size());
  request.url.path += asked.path.substr(0, question);
  if (question < asked.path.size()) request.url.query = asked.path.substr(question + 1);
  request.headers = options_.headers;
  if (!options_.token.empty())
    request.headers.set(options_.token_header, options_.token_prefix + std::string(options_.token.reveal()));
  if (asked.body) {
    request.headers.set("Content-Type", "application/json");
    request.body = asked.body->reveal();
  }
  request.max_body = options_.max_body;
  return request;
}

Result<net::Response> Service::send(net::Request request, const std::string& what) {
  net::RetryPolicy policy;
  policy.attempts = limits::service_tries;
  const auto repeat = is_reading(request.method) ? net::Repeat::idempotent : net::Repeat::refused;
  for (int redirects = 0;; ++redirects) {
    auto answer = net::send_with_retry(*transport_, env_, policy, repeat, request);
    if (!answer || answer->status / 100 != 3 || redirects >= most_redirects(options_.redirects)) {
      wipe(request.body);
      if (answer) return answer;
      Error error = answer.error().wrap(name() + " could not be asked to " + what);
      error.hint = hint_without_answer(options_, error);
      return fail(std::move(error));
    }
    auto place = next_place(options_.redirects, request, *answer);
    if (!place) {
      wipe(request.body);
      return answer;
    }
    request.url = std::move(*place);
  }
}

Result<json::Value> Service::ask(const ServiceRequest& asked) {
  TRY(auto request, build(asked));
  TRY(auto answer, send(std::move(request), asked.what));
  if (answer.status / 100 != 2) {
    take_out(answer.body, options_.token.reveal());
    Error error = service_failure(name(), asked.what, answer);
    take_out(error.cause, options_.token.reveal());  // of a redirect's path
    return fail(std::move(error));
  }
  if (is_blank(answer.body)) return json::Value();
  auto document = json::parse(answer.body, "the answer", {.max_bytes = options_.max_body});
  wipe(answer.body);
  if (document) return document;
  Error error = document.error().wrap(name() + " gave no proper answer when asked to " + asked.what);
  if (error.hint.empty()) error.hint = "is this its address, and not that of a login page or a proxy?";
  return fail(std::move(error));
}

}  // namespace sigstore::remote
