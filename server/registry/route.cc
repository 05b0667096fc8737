#include "server/registry/route.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/net/url.h"

namespace server::registry {

using namespace sigstore;

namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_component(std::string_view text) {
  if (text.empty() || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    auto end = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), is_alphanumeric);
    auto separator = text.substr(i, static_cast<std::size_t>(end - text.begin()) - i);
    bool dashes = separator.find_first_not_of('-') == separator.npos;
    if (!dashes && separator != "." && separator != "_" && separator != "__") return false;
    i += separator.size();
    while (i < text.size() && is_alphanumeric(text[i])) ++i;
  }
  return true;
}

// Cuts the last segment off `path`, without its slash.
std::string_view cut_last(std::string_view& path) {
  auto slash = path.rfind('/');
  if (slash == path.npos) return std::exchange(path, {});
  auto last = path.substr(slash + 1);
  path = path.substr(0, slash);
  return last;
}

std::optional<Route::Kind> kind_of(std::string_view& path, std::string_view last) {
  using enum Route::Kind;
  auto word = cut_last(path);
  if (word == "uploads" && path.ends_with("/blobs")) {
    cut_last(path);
    return last.empty() ? uploads : upload;
  }
  if (last.empty()) return std::nullopt;
  if (word == "manifests") return manifest;
  if (word == "blobs") return last == "uploads" ? uploads : blob;
  if (word == "referrers") return referrers;
  if (word == "tags" && last == "list") return tags;
  return std::nullopt;
}

}  // namespace

Query Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    auto equals = std::min(pair.find('='), pair.size());
    auto value = pair.substr(std::min(pair.size(), equals + 1));
    query.list_.emplace_back(net::percent_decode(pair.substr(0, equals)), net::percent_decode(value));
  }
  return query;
}

const std::string* Query::find(std::string_view name) const {
  auto found = std::ranges::find(list_, name, [](const auto& pair) { return std::string_view(pair.first); });
  return found == list_.end() ? nullptr : &found->second;
}

std::vector<std::string> Query::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : list_)
    if (key == name) values.push_back(value);
  return values;
}

std::string_view name_of(Route::Kind kind) {
  return route_names.at(static_cast<std::size_t>(kind));
}

Or<Route> parse_route(std::string_view target) {
  auto unknown = [] { return refuse(404, "UNSUPPORTED", "there is nothing at this path"); };
  auto path = target.substr(0, target.find('?'));
  Route route;
  route.query = Query::parse(target.substr(std::min(target.size(), path.size() + 1)));
  if (path == "/v2/" || path == "/v2") return route;
  if (path == "/v2/_catalog") {
    route.kind = Route::Kind::catalogue;
    return route;
  }
  if (!path.starts_with("/v2/")) return unknown();
  path.remove_prefix(std::string_view("/v2/").size());
  auto last = cut_last(path);
  auto kind = kind_of(path, last);
  if (!kind) return unknown();
  route.kind = *kind;
  route.last = net::percent_decode(last);
  route.repository = net::percent_decode(path);
  if (!is_repository_name(route.repository))
    return refuse(400, "NAME_INVALID", "this is no name of a repository");
  return route;
}

bool is_repository_name(std::string_view name) {
  if (name.size() > limits::repository_bytes) return false;
  for (;;) {
    auto slash = name.find('/');
    if (!is_component(name.substr(0, slash))) return false;
    if (slash == name.npos) return true;
    name.remove_prefix(slash + 1);
  }
}

bool is_tag(std::string_view tag) {
  auto is_word = [](char c) { return is_alphanumeric(c) || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !tag.empty() && tag.size() <= limits::tag_bytes && is_word(tag.front()) &&
         std::ranges::all_of(tag, [&](char c) { return is_word(c) || c == '.' || c == '-'; });
}

}  // namespace server::registry
