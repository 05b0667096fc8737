#include "sigstore/remote/registry/failure.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"

namespace sigstore::remote {
namespace json = codec::json;
namespace {

constexpr std::size_t shown_errors = 3;
constexpr std::size_t shown_bytes = 300;

// One line without control characters, cut at a character's start. The JSON reader has checked the UTF-8.
std::string printable(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (line.size() >= shown_bytes && (byte & 0xc0) != 0x80) {
      line += "…";
      break;
    }
    line += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return line;
}

std::string text_of(const json::Value& value, std::string_view key) {
  const json::Value* member = value.get(key);
  return member != nullptr && member->string() != nullptr ? printable(*member->string()) : std::string();
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_word) {
  return std::ranges::search(text, lower_word, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         }).begin() != text.end();
}

bool says(const std::vector<RegistryError>& errors, std::string_view code) {
  return std::ranges::any_of(errors, [&](const auto& error) { return error.code == code; });
}

std::string text_of_errors(const std::vector<RegistryError>& errors) {
  std::string text;
  for (const auto& error : errors) {
    if (!text.empty()) text += "; ";
    text += error.code;
    if (!error.code.empty() && !error.message.empty()) text += ": ";
    text += error.message;
  }
  return text;
}

std::string login_hint(const Refusal& refused) {
  return "cosign login " + refused.repository.registry;
}

// Some registries answer 403 for whatever is not there.
constexpr const char* unless_misspelt = "; or check the name: this may also mean that it is not there";

Error no_permission(const Refusal& refused, std::string cause) {
  const std::string what = refused.access == Access::pull   ? "pull from "
                           : refused.access == Access::push ? "push to "
                                                            : "delete from ";
  const std::string place = refused.repository.text();
  if (!refused.with_credentials)
    return {Code::forbidden, "no permission to " + what + place + " without logging in", std::move(cause),
            login_hint(refused) + (refused.access == Access::pull ? unless_misspelt : "")};
  return {Code::forbidden, "no permission to " + what + place + " as " + refused.user, std::move(cause),
          "ask whoever runs " + refused.repository.registry + " for it, or log in as somebody else: " +
              login_hint(refused) + (refused.access == Access::pull ? unless_misspelt : "")};
}

Error not_logged_in(const Refusal& refused, std::string cause) {
  if (refused.with_credentials && refused.by_password)
    return {Code::unauthorized,
            refused.repository.registry + " does not accept the credentials of " + refused.user,
            std::move(cause), login_hint(refused)};
  if (refused.with_credentials) return no_permission(refused, std::move(cause));
  return {Code::unauthorized, "not logged in to " + refused.repository.registry, std::move(cause),
          login_hint(refused)};
}

Error not_there(const Refusal& refused, const std::vector<RegistryError>& errors, std::string cause) {
  const bool whole_repository = says(errors, "NAME_UNKNOWN") || refused.access == Access::push;
  if (!whole_repository) return {Code::not_found, refused.subject + " is not there", std::move(cause), {}};
  return {Code::not_found, "the repository " + refused.repository.text() + " is not there", std::move(cause),
          refused.access == Access::push
              ? "make the repository (or its project) first: this registry does not do so on a push"
              : ""};
}

}  // namespace

std::vector<RegistryError> parse_error_body(std::string_view body) {
  std::vector<RegistryError> errors;
  const auto document = json::parse(body.substr(0, limits::error_body_bytes), "error document",
                                    {.max_depth = 16, .max_bytes = limits::error_body_bytes});
  if (!document) return errors;
  const auto keep = [&](RegistryError error) {
    if (errors.size() < shown_errors && !(error.code.empty() && error.message.empty()))
      errors.push_back(std::move(error));
  };
  if (const json::Value* list = document->get("errors"); list != nullptr && list->array() != nullptr)
    for (const auto& entry : *list->array()) keep({text_of(entry, "code"), text_of(entry, "message")});
  keep({text_of(*document, "error"), text_of(*document, "error_description")});
  keep({{}, text_of(*document, "details")});
  return errors;
}

std::string status_text(int status, std::string_view body) {
  const std::string said = text_of_errors(parse_error_body(body));
  return "HTTP " + std::to_string(status) + (said.empty() ? "" : ": " + said);
}

Error refusal(const Refusal& refused) {
  const auto errors = parse_error_body(refused.body);
  std::string cause = status_text(refused.status, refused.body);
  const std::string& registry = refused.repository.registry;
  const bool client_error = refused.status >= 400 && refused.status < 500;
  if (refused.access != Access::pull && client_error && contains_ignoring_case(cause, "immutab"))
    return {Code::conflict, refused.subject + " is immutable", std::move(cause), {}};
  switch (refused.status) {
    case 401:
      return not_logged_in(refused, std::move(cause));
    case 403:
      return no_permission(refused, std::move(cause));
    case 404:
      return not_there(refused, errors, std::move(cause));
    case 409:
    case 412:
      return {Code::conflict, refused.subject + " has changed meanwhile", std::move(cause), {}};
    case 413:
      return {Code::too_large,
              registry + " does not take " + refused.subject + ": too large",
              std::move(cause),
              {}};
    case 429:
      return {Code::unavailable, registry + " limits how often it is asked", std::move(cause),
              refused.with_credentials ? "wait a while" : "wait a while, or log in: " + login_hint(refused)};
    default:
      break;
  }
  if (refused.status >= 500 || refused.status == 408)
    return {Code::unavailable, registry + " failed when asked for " + refused.subject, std::move(cause), {}};
  if (refused.access == Access::remove)
    return {Code::unsupported, registry + " does not delete " + refused.subject, std::move(cause), {}};
  if (refused.access == Access::push)
    return {Code::unsupported, registry + " does not take " + refused.subject, std::move(cause), {}};
  return {Code::unsupported, registry + " does not give " + refused.subject, std::move(cause), {}};
}

}  // namespace sigstore::remote
