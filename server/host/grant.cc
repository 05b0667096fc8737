#include "server/host/grant.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sigstore/base/limits.h"

namespace server::host {
namespace {

bool is_word(std::string_view text, std::string_view marks) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

std::optional<std::set<std::string, std::less<>>> parse_actions(std::string_view text) {
  std::set<std::string, std::less<>> actions;
  while (!text.empty()) {
    const auto action = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), action.size() + 1));
    if (!is_word(action, "*")) return std::nullopt;
    actions.emplace(action);
  }
  return actions;
}

// A name may hold colons of its own: HOST:PORT/PATH.
std::optional<Grant> parse_scope(std::string_view text) {
  const auto first = text.find(':');
  const auto last = text.rfind(':');
  if (first == text.npos || first == last) return std::nullopt;
  Grant grant{std::string(text.substr(0, first)), std::string(text.substr(first + 1, last - first - 1)), {}};
  auto actions = parse_actions(text.substr(last + 1));
  if (!actions || !is_word(grant.type, "-_()") || !is_word(grant.name, "-_./:")) return std::nullopt;
  grant.actions = std::move(*actions);
  return grant;
}

}  // namespace

Grants parse_scopes(std::string_view text) {
  Grants grants;
  while (!text.empty() && grants.size() < sigstore::limits::scopes) {
    const auto scope = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), scope.size() + 1));
    if (scope.size() > sigstore::limits::scope_bytes) continue;
    if (auto grant = parse_scope(scope)) grants.push_back(std::move(*grant));
  }
  return grants;
}

std::string scope_text(const Grants& grants) {
  std::string text;
  for (const Grant& grant : grants) {
    if (!text.empty()) text += ' ';
    text += grant.type + ":" + grant.name + ":";
    for (bool first = true; const std::string& action : grant.actions)
      text += (std::exchange(first, false) ? "" : ",") + action;
  }
  return text;
}

bool covers(const Grants& granted, const Grants& needed) {
  const auto allowed = [&](const Grant& need, const std::string& action) {
    return std::ranges::any_of(granted, [&](const Grant& grant) {
      return grant.type == need.type && grant.name == need.name && grant.actions.contains(action);
    });
  };
  return std::ranges::all_of(needed, [&](const Grant& need) {
    return std::ranges::all_of(need.actions,
                               [&](const std::string& action) { return allowed(need, action); });
  });
}

}  // namespace server::host
