#include "cosign/commands/dockerfile-verify/words.h"

#include <algorithm>

namespace cosign {
namespace {

constexpr std::string_view blanks = " \t\v\f\r\n";

// Goes over one line, a character at a time.
struct Cursor {
  std::string_view text;
  std::size_t at = 0;
  [[nodiscard]] bool done() const { return at >= text.size(); }
  [[nodiscard]] char peek() const { return text[at]; }
  char next() { return text[at++]; }
  [[nodiscard]] bool starts(std::string_view what) const { return text.substr(at).starts_with(what); }
  void skip_blanks() { at = std::min(text.find_first_not_of(blanks, at), text.size()); }
};

// To the closing quote, which is taken too; false where there is none. In double quotes `escape` hides a
// character.
bool pass_quoted(Cursor& cursor, char escape) {
  const char quote = cursor.next();
  while (!cursor.done()) {
    const char c = cursor.next();
    if (c == quote) return true;
    if (quote == '"' && c == escape && !cursor.done()) cursor.next();
  }
  return false;
}

bool pass_variable(Cursor& cursor, char escape) {
  int open = 0;
  while (!cursor.done()) {
    if (cursor.starts("${")) {
      ++open;
      cursor.at += 2;
    } else if (cursor.next() == '}' && --open == 0) {
      return true;
    } else if (cursor.text[cursor.at - 1] == escape && !cursor.done()) {
      cursor.next();
    }
  }
  return false;
}

bool pass_word(Cursor& cursor, char escape) {
  while (!cursor.done() && !is_blank(cursor.peek())) {
    const char c = cursor.peek();
    if (c == '\'' || c == '"') {
      if (!pass_quoted(cursor, escape)) return false;
    } else if (cursor.starts("${")) {
      if (!pass_variable(cursor, escape)) return false;
    } else if (cursor.next() == escape && !cursor.done()) {
      cursor.next();
    }
  }
  return true;
}

// A flag up to the blank after it, without quotes; a backslash hides a character, whatever the line's escape
// is.
std::string take_flag(Cursor& cursor) {
  std::string flag;
  char quote = 0;
  while (!cursor.done() && (quote != 0 || !is_blank(cursor.peek()))) {
    char c = cursor.next();
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote == 0 ? c : '\0';
      continue;
    }
    if (c == '\\') {
      if (cursor.done()) break;
      c = cursor.next();
    }
    flag += c;
  }
  return flag;
}

}  // namespace

std::optional<std::vector<std::string>> raw_words(std::string_view line, char escape) {
  std::vector<std::string> words;
  Cursor cursor{line};
  for (cursor.skip_blanks(); !cursor.done(); cursor.skip_blanks()) {
    const auto start = cursor.at;
    if (!pass_word(cursor, escape)) return std::nullopt;
    words.emplace_back(line.substr(start, cursor.at - start));
  }
  return words;
}

Flags take_flags(std::string_view line) {
  Flags taken;
  Cursor cursor{line};
  for (cursor.skip_blanks(); cursor.starts("--"); cursor.skip_blanks()) {
    auto flag = take_flag(cursor);
    if (flag == "--") break;
    taken.flags.push_back(std::move(flag));
  }
  taken.rest = trimmed(line.substr(cursor.at));
  return taken;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_blank(char c) {
  return blanks.contains(c);
}

}  // namespace cosign
