#include "sigstore/codec/regex/syntax.h"

#include <algorithm>
#include <optional>
#include <span>

namespace sigstore::codec::regex {
namespace {

using Tokens = std::span<const Token>;

std::size_t quote_size(std::string_view rest) {
  const auto end = rest.find("\\E", 2);
  return end == std::string_view::npos ? rest.size() : end + 2;
}

// One element of a bracket expression: a byte, an escape or a class with a name.
std::size_t element_size(std::string_view rest) {
  if (rest.starts_with("[:")) {
    const auto end = rest.find(":]", 2);
    if (end != std::string_view::npos) return end + 2;
  }
  return std::min<std::size_t>(rest[0] == '\\' ? 2 : 1, rest.size());
}

std::size_t set_size(std::string_view rest) {
  std::size_t at = rest.starts_with("[^") ? 2 : 1;
  if (at < rest.size() && rest[at] == ']') ++at;  // the first one stands for itself
  while (at < rest.size() && rest[at] != ']') at += element_size(rest.substr(at));
  return std::min(at + 1, rest.size());
}

// The flags of (?flags) and (?flags:, and the name of a group that has one.
std::size_t open_size(std::string_view rest) {
  if (!rest.starts_with("(?")) return 1;
  const bool named = rest.starts_with("(?<") || rest.starts_with("(?P<");
  const auto end = named ? rest.find('>') : rest.find_first_not_of("imsU-", 2);
  if (end == std::string_view::npos) return 2;
  const bool complete = named || rest[end] == ':' || rest[end] == ')';
  return complete ? end + 1 : 2;
}

Token first_token(std::string_view rest) {
  const auto token = [&](Kind kind, std::size_t size) { return Token{kind, rest.substr(0, size)}; };
  if (rest.starts_with("\\Q")) return token(Kind::quote, quote_size(rest));
  switch (rest[0]) {
    case '\\':
      return token(Kind::escape, 2);
    case '[':
      return token(Kind::set, set_size(rest));
    case '(':
      return token(Kind::open, open_size(rest));
    case ')':
      return token(Kind::close, 1);
    case '|':
      return token(Kind::bar, 1);
    default:
      return token(Kind::literal, 1);
  }
}

// (?i) is complete in itself: nothing closes it.
bool only_sets_flags(const Token& token) {
  return token.kind == Kind::open && token.text.size() > 2 && token.text.back() == ')';
}
bool opens(const Token& token) {
  return token.kind == Kind::open && !only_sets_flags(token);
}

// (?m): ^ and $ mean lines from here on.
bool sets_lines(const Token& token) {
  if (token.kind != Kind::open || !token.text.starts_with("(?") || token.text.contains('<')) return false;
  return token.text.substr(0, token.text.find('-')).contains('m');
}

// The parts between the bars that stand in no group.
std::vector<Tokens> alternatives(Tokens tokens) {
  std::vector<Tokens> out;
  std::size_t begin = 0;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (opens(tokens[i])) ++depth;
    if (tokens[i].kind == Kind::close && depth > 0) --depth;
    if (tokens[i].kind != Kind::bar || depth > 0) continue;
    out.push_back(tokens.subspan(begin, i - begin));
    begin = i + 1;
  }
  out.push_back(tokens.subspan(begin));
  return out;
}

bool is_either(const Token& token, std::string_view operation, std::string_view escape) {
  return token.text == operation || (token.kind == Kind::escape && token.text == escape);
}

bool begins_and_ends(Tokens tokens) {
  while (!tokens.empty() && only_sets_flags(tokens.front())) tokens = tokens.subspan(1);
  return tokens.size() >= 2 && is_either(tokens.front(), "^", "\\A") && is_either(tokens.back(), "$", "\\z");
}

// What is in the group, when the whole is one.
std::optional<Tokens> inside(Tokens tokens) {
  if (tokens.size() < 2 || !opens(tokens.front())) return std::nullopt;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (opens(tokens[i])) ++depth;
    if (tokens[i].kind == Kind::close) --depth;
    if (depth > 0) continue;
    if (i + 1 != tokens.size()) return std::nullopt;
    return tokens.subspan(1, tokens.size() - 2);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view pattern) {
  std::vector<Token> out;
  for (auto rest = pattern; !rest.empty(); rest.remove_prefix(out.back().text.size())) {
    out.push_back(first_token(rest));
  }
  return out;
}

bool is_anchored(std::string_view pattern) {
  const auto tokens = tokens_of(pattern);
  if (std::ranges::any_of(tokens, sets_lines)) return false;
  Tokens all(tokens);
  while (const auto inner = inside(all)) all = *inner;
  return std::ranges::all_of(alternatives(all), begins_and_ends);
}

}  // namespace sigstore::codec::regex
