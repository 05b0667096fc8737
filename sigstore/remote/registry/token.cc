#include "sigstore/remote/registry/token.h"

#include <algorithm>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/json.h"
#include "sigstore/remote/registry/failure.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

using namespace std::chrono_literals;

// "For compatibility with older clients, a token should never be returned with less than 60 seconds to live."
constexpr std::chrono::seconds shortest_life = 60s;
constexpr std::chrono::seconds longest_life = 1h;

std::string form(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    if (!text.empty()) text += '&';
    text += std::string(name) + "=" + net::percent_encode(value);
  }
  return text;
}

// Each scope is a parameter of its own: not every server takes a list.
std::string query_of(const TokenRequest& wanted) {
  std::vector<std::pair<std::string_view, std::string_view>> fields{{"service", wanted.service}};
  for (std::string_view left = wanted.scope; !left.empty();) {
    const auto end = std::min(left.find(' '), left.size());
    fields.emplace_back("scope", left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return form(fields);
}

net::Request get_request(const TokenRequest& wanted) {
  net::Request request;
  request.url = wanted.realm;
  request.tls_of = wanted.base;
  const std::string query = query_of(wanted);
  if (!request.url.query.empty() && !query.empty()) request.url.query += '&';
  request.url.query += query;
  request.max_body = limits::token_body_bytes;
  if (wanted.login != nullptr && wanted.login->has_password())
    request.headers.set("Authorization", wanted.login->basic());
  return request;
}

net::Request refresh_request(const TokenRequest& wanted, const Secret& identity_token) {
  net::Request request;
  request.method = "POST";
  request.url = wanted.realm;
  request.tls_of = wanted.base;
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = form({{"grant_type", "refresh_token"},
                       {"client_id", "cosign"},
                       {"service", wanted.service},
                       {"scope", wanted.scope},
                       {"refresh_token", identity_token.reveal()}});
  request.max_body = limits::token_body_bytes;
  return request;
}

Result<Answer> ask(const Context& context, const TokenRequest& wanted) {
  if (wanted.login != nullptr) {
    const Secret identity_token = wanted.login->identity_token();
    if (!identity_token.empty()) {
      TRY(auto answer, send_following(context, context.options.retry, net::Repeat::never,
                                      refresh_request(wanted, identity_token)));
      if (answer.response.status != 404) return answer;
    }
  }
  return send_following(context, context.options.retry, net::Repeat::idempotent, get_request(wanted));
}

Error refused(const TokenRequest& wanted, const net::Response& response) {
  const std::string cause =
      "token server " + wanted.realm.authority() + " answers " + status_text(response.status, response.body);
  const bool client_error = response.status >= 400 && response.status < 500 && response.status != 429;
  const std::string hint = "cosign login " + wanted.registry;
  if (client_error && response.status != 404 && wanted.login != nullptr)
    return {Code::unauthorized,
            wanted.registry + " does not accept the credentials of " + wanted.login->shown(), cause, hint};
  if (response.status == 401 || response.status == 403)
    return {Code::unauthorized, "not logged in to " + wanted.registry, cause, hint};
  if (response.status == 429 || response.status >= 500)
    return {Code::unavailable, "no token for " + wanted.registry + " now", cause, {}};
  return {Code::unsupported, "no token for " + wanted.registry, cause, {}};
}

std::string member(const json::Value& document, std::string_view key) {
  const json::Value* value = document.get(key);
  return value != nullptr && value->string() != nullptr ? *value->string() : std::string();
}

std::chrono::seconds life(const json::Value& document) {
  const json::Value* value = document.get("expires_in");
  const auto seconds = value != nullptr ? value->to_int64() : fail(Code::not_found, "");
  if (!seconds) return shortest_life;
  return std::chrono::seconds(
      std::clamp<std::int64_t>(*seconds, shortest_life.count(), longest_life.count()));
}

Result<Token> read_token(const Context& context, const TokenRequest& wanted, net::Response& response) {
  // The reader's own words are left out: they could repeat a piece of the token.
  const auto document =
      json::parse(response.body, "token", {.max_depth = 16, .max_bytes = limits::token_body_bytes});
  wipe(response.body);
  std::string token = document ? member(*document, "token") : "";
  if (token.empty() && document) token = member(*document, "access_token");
  if (!fits_a_header(token))
    return fail(Code::malformed, "no token for " + wanted.registry,
                "token server " + wanted.realm.authority() + " answers without a usable token");
  if (const auto renewed = member(*document, "refresh_token"); wanted.login != nullptr && !renewed.empty())
    wanted.login->renew(Secret(renewed));
  Token result;
  result.header = "Bearer " + token;
  wipe(token);
  result.fetched = context.env.clock->steady();
  result.expires = result.fetched + life(*document) * 9 / 10;
  return result;
}

}  // namespace

bool fits_a_header(std::string_view token) {
  return !token.empty() && token.size() <= limits::header_bytes / 2 &&
         std::ranges::all_of(token, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

Secret Login::identity_token() const {
  std::scoped_lock lock(mutex_);
  return renewed_.empty() ? credential_.identity_token.clone() : renewed_.clone();
}

void Login::renew(Secret identity_token) {
  std::scoped_lock lock(mutex_);
  if (!credential_.identity_token.empty()) renewed_ = std::move(identity_token);
}

std::string Login::basic() const {
  std::string text = credential_.username + ":" + std::string(credential_.password.reveal());
  std::string header = "Basic " + codec::base64::encode(as_bytes(text));
  wipe(text);
  return header;
}

std::string Login::shown() const {
  const std::string user = credential_.username.empty() ? "the stored token" : credential_.username;
  return credential_.source.empty() ? user : user + " (from " + credential_.source + ")";
}

Result<Token> fetch_token(const Context& context, const TokenRequest& wanted) {
  TRY(auto answer, ask(context, wanted));
  if (answer.response.status != 200) return fail(refused(wanted, answer.response));
  return read_token(context, wanted, answer.response);
}

}  // namespace sigstore::remote
