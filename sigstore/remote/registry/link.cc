#include "sigstore/remote/registry/link.h"

#include <algorithm>

namespace sigstore::remote {
namespace {

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Up to the next `stop` that stands outside quotes.
std::string_view take(std::string_view& rest, std::string_view stops) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '"') quoted = !quoted;
    if (!quoted && stops.find(rest[at]) != std::string_view::npos) break;
  }
  const auto piece = rest.substr(0, at);
  rest.remove_prefix(at);
  return piece;
}

// `rel=next`, `rel="prev next"`.
bool names_next(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos || !same_word(trimmed(parameter.substr(0, equals)), "rel"))
    return false;
  auto value = trimmed(parameter.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  while (!value.empty()) {
    const auto word = take(value, " ");
    if (same_word(word, "next")) return true;
    if (!value.empty()) value.remove_prefix(1);
  }
  return false;
}

}  // namespace

std::optional<std::string> next_link(std::string_view rest) {
  while (!rest.empty()) {
    rest = rest.substr(std::min(rest.find_first_not_of(" \t,"), rest.size()));
    if (rest.empty() || rest.front() != '<') return std::nullopt;
    const auto close = rest.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    const auto target = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    bool next = false;
    for (take(rest, ";,"); !rest.empty() && rest.front() == ';';) {
      rest.remove_prefix(1);
      next |= names_next(take(rest, ";,"));
    }
    if (next) return std::string(target);
  }
  return std::nullopt;
}

std::optional<std::string> next_link(const net::Headers& headers) {
  for (const auto& header : headers.all("Link"))
    if (auto target = next_link(std::string_view(header))) return target;
  return std::nullopt;
}

}  // namespace sigstore::remote
