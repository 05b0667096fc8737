#include "cosign/commands/dockerfile-verify/glob.h"

#include <vector>

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

class Glob {
 public:
  Glob(std::string_view pattern, std::size_t& steps) : steps_(steps) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '\\' &&
          i + 1 < pattern.size())  // also before / and }, where it is no part of the pattern
        tokens_.push_back({Kind::character, pattern[++i]});
      else if (pattern[i] == '*')
        tokens_.push_back({Kind::any_text, 0});
      else
        tokens_.push_back({pattern[i] == '?' ? Kind::any_character : Kind::character, pattern[i]});
    }
  }

  // Whether all of `text` matches. Without steps left nothing does.
  bool matches(std::string_view text) {
    std::size_t token = 0;
    std::size_t at = 0;
    std::size_t star = npos;  // the last * that was met, and where it ends for now
    std::size_t end = 0;
    while (at < text.size()) {
      if (gave_up()) return false;
      --steps_;
      if (token < tokens_.size() && tokens_[token].kind == Kind::any_text) {
        star = token++;
        end = at;
      } else if (token < tokens_.size() && fits(tokens_[token], text[at])) {
        ++token;
        ++at;
      } else if (star != npos) {
        token = star + 1;
        at = ++end;
      } else {
        return false;
      }
    }
    while (token < tokens_.size() && tokens_[token].kind == Kind::any_text) ++token;
    return token == tokens_.size();
  }

  [[nodiscard]] Result<std::string> answer(std::string text) const {
    if (gave_up()) return fail(Code::too_large, "a pattern takes too long to match");
    return text;
  }
  [[nodiscard]] bool gave_up() const { return steps_ == 0; }

 private:
  enum class Kind { character, any_character, any_text };
  struct Token {
    Kind kind;
    char character;
  };
  static constexpr auto npos = static_cast<std::size_t>(-1);

  static bool fits(const Token& token, char c) {
    return token.kind == Kind::any_character || (token.kind == Kind::character && token.character == c);
  }

  std::vector<Token> tokens_;
  std::size_t& steps_;
};

// The length of the longest part that matches and begins at `at`; 0 for none.
std::size_t longest_match(Glob& glob, std::string_view value, std::size_t at) {
  for (std::size_t length = value.size() - at; length > 0 && !glob.gave_up(); --length)
    if (glob.matches(value.substr(at, length))) return length;
  return 0;
}

}  // namespace

Result<std::string> cut(std::string_view value, std::string_view pattern, Cut which, std::size_t& steps) {
  Glob glob(pattern, steps);
  const bool prefix = which == Cut::shortest_prefix || which == Cut::longest_prefix;
  const bool shortest = which == Cut::shortest_prefix || which == Cut::shortest_suffix;
  for (std::size_t i = 0; i <= value.size() && !glob.gave_up(); ++i) {
    const std::size_t length = shortest ? i : value.size() - i;
    const std::size_t kept = value.size() - length;
    if (glob.matches(prefix ? value.substr(0, length) : value.substr(kept)))
      return glob.answer(std::string(prefix ? value.substr(length) : value.substr(0, kept)));
  }
  return glob.answer(std::string(value));
}

Result<std::string> replaced(std::string_view value, std::string_view pattern, std::string_view with,
                             bool all, std::size_t& steps) {
  Glob glob(pattern, steps);
  std::string result;
  std::size_t at = 0;
  for (bool more = true; at < value.size() && more;) {
    const std::size_t length = longest_match(glob, value, at);
    if (length == 0) {
      result += value[at++];
      continue;
    }
    result += with;
    at += length;
    more = all;
  }
  return glob.answer(result.append(value.substr(at)));
}

}  // namespace cosign
