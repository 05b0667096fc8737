#include "server/host/challenge.h"

#include <algorithm>

#include "server/host/error_body.h"

namespace server::host {
namespace {

constexpr std::size_t host_bytes = 260;  // a name and a port

// What is sent back as part of a URL, in quotes.
bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= host_bytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
}

std::string_view message_of(Refusal why) {
  switch (why) {
    case Refusal::wrong_login:
      return "the user or the password is wrong";
    case Refusal::invalid_token:
      return "the token is not valid, or no longer";
    case Refusal::insufficient_scope:
      return "the token does not allow this";
    default:
      return "authentication required";
  }
}

Response asking(std::string challenge, Refusal why, const Grants& needed) {
  Response response = error_response(401, "UNAUTHORIZED", message_of(why), scope_text(needed));
  response.headers.add("WWW-Authenticate", std::move(challenge));
  return response;
}

}  // namespace

std::string token_realm(const GuardOptions& options, const Request& request) {
  if (!options.external_url.empty()) return options.external_url + std::string(token_path);
  const auto host = request.headers->get("Host").value_or("");
  if (!is_host(host)) return {};
  return (request.encrypted ? "https://" : "http://") + host + std::string(token_path);
}

Response password_needed(const GuardOptions& options, Refusal why) {
  return asking("Basic realm=\"" + options.realm + "\"", why, {});
}

Response unauthorized(const GuardOptions& options, const Request& request, Refusal why,
                      const Grants& needed) {
  const std::string realm =
      options.tokens != nullptr && request.target.starts_with("/v2") ? token_realm(options, request) : "";
  if (realm.empty()) return password_needed(options, why);
  std::string challenge = "Bearer realm=\"" + realm + "\",service=\"" + options.tokens->service() + "\"";
  if (!needed.empty()) challenge += ",scope=\"" + scope_text(needed) + "\"";
  if (why == Refusal::invalid_token) challenge += ",error=\"invalid_token\"";
  if (why == Refusal::insufficient_scope) challenge += ",error=\"insufficient_scope\"";
  return asking(std::move(challenge), why, needed);
}

}  // namespace server::host
