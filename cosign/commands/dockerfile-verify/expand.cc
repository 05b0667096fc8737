#include "cosign/commands/dockerfile-verify/expand.h"

#include <algorithm>

#include "cosign/commands/dockerfile-verify/glob.h"
#include "sigstore/base/limits.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using Value = std::optional<std::string>;

constexpr int most_levels = 32;  // of ${A:-${B:-…}}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;  // or beyond ASCII
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Expansion {
 public:
  Expansion(std::string_view text, char escape, const Scope& scope, Work& work, int levels_left,
            bool keeps_escapes)
      : text_(text),
        escape_(escape),
        scope_(scope),
        work_(work),
        levels_left_(levels_left),
        keeps_escapes_(keeps_escapes) {}

  Result<std::string> run() {
    if (levels_left_ == 0) return fail(Code::too_large, "variables stand in each other too deep");
    while (at_ < text_.size()) TRY_OK(step());
    return std::move(result_);
  }

 private:
  Result<void> step() {
    const char c = text_[at_];
    if (c == '\'') return single_quoted();
    if (c == '"') return double_quoted();
    if (c == '$') return variable();
    ++at_;
    if (c != escape_ || keeps_escapes_) TRY_OK(append({&c, 1}));
    if (c != escape_) return {};
    if (at_ == text_.size()) return {};  // an escape of nothing
    return append(text_.substr(at_++, 1));
  }

  Result<void> single_quoted() {
    const auto end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos) return fail(Code::malformed, "a ' is not closed");
    const auto inner = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return append(inner);
  }

  Result<void> double_quoted() {
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_];
      if (c == '"') return ++at_, Result<void>();
      if (c == '$') {
        TRY_OK(variable());
        continue;
      }
      const bool hides = c == escape_ && at_ + 1 < text_.size() &&
                         (text_[at_ + 1] == '"' || text_[at_ + 1] == '$' || text_[at_ + 1] == escape_);
      if (hides && keeps_escapes_) TRY_OK(append(text_.substr(at_, 1)));
      at_ += hides ? 1 : 0;
      TRY_OK(append(text_.substr(at_++, 1)));
    }
    return fail(Code::malformed, "a \" is not closed");
  }

  // At a $.
  Result<void> variable() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '{') return braced();
    const std::string name = take_name();
    if (name.empty()) return append("$");
    return append_value(name);
  }

  Result<void> braced() {
    ++at_;
    const std::string name = take_name();
    if (name.empty()) return fail(Code::malformed, "${ without a name");
    TRY(const auto rest, take_braced());
    if (rest.empty()) return append_value(name);
    return modified(name, rest);
  }

  Result<void> append_value(const std::string& name) {
    TRY(const auto value, scope_.find(name));
    if (!value) return fail(scope_.missing(name));
    return append(*value);
  }

  // ${NAME and then `rest`, which begins with what to do.
  Result<void> modified(const std::string& name, std::string_view rest) {
    const bool colon = rest.front() == ':';
    const char kind = rest.size() > (colon ? 1U : 0U) ? rest[colon ? 1 : 0] : '\0';
    const auto word = rest.substr(std::min<std::size_t>(rest.size(), colon ? 2 : 1));
    if (kind == '-' || kind == '+' || kind == '?') return by_presence(name, kind, colon, word);
    if (!colon && (kind == '#' || kind == '%')) return without(name, kind, word);
    if (!colon && kind == '/') return with_replaced(name, word);
    return fail(Code::malformed, "Docker does not know ${" + name + std::string(rest.substr(0, 16)) + "}");
  }

  Result<void> by_presence(const std::string& name, char kind, bool empty_counts_as_unset,
                           std::string_view word) {
    TRY(const Value value, scope_.find(name));
    const bool there = value && (!value->empty() || !empty_counts_as_unset);
    if (kind == '+' && !there) return {};
    if (there && kind != '+') return append(*value);
    TRY(const auto text, nested(word));
    if (kind == '?') return fail(Code::malformed, name + ": " + (text.empty() ? "it has no value" : text));
    return append(text);
  }

  Result<void> without(const std::string& name, char kind, std::string_view word) {
    const bool longest = word.starts_with(kind);
    if (longest) word.remove_prefix(1);
    TRY(const auto value, needed(name));
    TRY(const auto pattern, nested(word, true));
    const Cut which = kind == '#' ? (longest ? Cut::longest_prefix : Cut::shortest_prefix)
                                  : (longest ? Cut::longest_suffix : Cut::shortest_suffix);
    TRY(const auto text, cut(value, pattern, which, work_.steps));
    return append(text);
  }

  Result<void> with_replaced(const std::string& name, std::string_view word) {
    const bool all = word.starts_with('/');
    if (all) word.remove_prefix(1);
    const auto slash = find_outside(word, 0, '/');
    if (slash == std::string_view::npos) return fail(Code::malformed, "${" + name + "/… has no second /");
    TRY(const auto value, needed(name));
    TRY(const auto pattern, nested(word.substr(0, slash), true));
    TRY(const auto with, nested(word.substr(slash + 1), true));
    TRY(const auto text, replaced(value, pattern, with, all, work_.steps));
    return append(text);
  }

  Result<std::string> needed(const std::string& name) {
    TRY(auto value, scope_.find(name));
    if (!value) return fail(scope_.missing(name));
    return std::move(*value);
  }

  // In a pattern escapes stay: they hide its * and ? too.
  [[nodiscard]] Result<std::string> nested(std::string_view word, bool keeps_escapes = false) const {
    return Expansion(word, escape_, scope_, work_, levels_left_ - 1, keeps_escapes).run();
  }

  // A name, digits, or one of the characters that name something in a shell.
  std::string take_name() {
    const auto start = at_;
    if (at_ == text_.size()) return {};
    if (std::string_view("@*#?-$!").contains(text_[at_])) {
      ++at_;
    } else if (is_digit(text_[at_])) {
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    } else {
      while (at_ < text_.size() && (is_letter(text_[at_]) || (at_ > start && is_digit(text_[at_])))) ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  // Up to the } that belongs to the ${ before, which is passed.
  Result<std::string_view> take_braced() {
    const auto start = at_;
    const auto end = find_outside(text_, start, '}');
    if (end == std::string_view::npos) return fail(Code::malformed, "a ${ is not closed");
    at_ = end + 1;
    return text_.substr(start, end - start);
  }

  // The first `stop` from `at` on that is in no quotes, in no ${} and behind no escape.
  [[nodiscard]] std::size_t find_outside(std::string_view text, std::size_t at, char stop) const {
    char quote = 0;
    int open = 0;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (c == escape_ && quote != '\'')
        ++at;
      else if (quote != 0 ? c == quote : c == '\'' || c == '"')
        quote = quote == 0 ? c : '\0';
      else if (quote == 0 && c == stop && open == 0)
        return at;
      else if (quote == 0 && c == '$' && text.substr(at + 1).starts_with('{'))
        ++open;
      else if (quote == 0 && c == '}' && open > 0)
        --open;
    }
    return std::string_view::npos;
  }

  Result<void> append(std::string_view text) {
    if (result_.size() + text.size() > sigstore::limits::dockerfile_word_bytes)
      return fail(Code::too_large, "a word is longer than " +
                                       std::to_string(sigstore::limits::dockerfile_word_bytes) +
                                       " bytes with its variables expanded");
    if (text.size() > work_.bytes)
      return fail(Code::too_large, "all words together are too long with their variables expanded");
    work_.bytes -= text.size();
    result_ += text;
    return {};
  }

  std::string_view text_;
  char escape_;
  const Scope& scope_;
  Work& work_;
  int levels_left_;
  bool keeps_escapes_;
  std::size_t at_ = 0;
  std::string result_;
};

}  // namespace

Result<std::string> expand(std::string_view word, char escape, const Scope& scope, Work& work) {
  return Expansion(word, escape, scope, work, most_levels, false).run();
}

}  // namespace cosign
