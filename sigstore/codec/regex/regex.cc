#include "sigstore/codec/regex/regex.h"

#include <re2/re2.h>

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/codec/json.h"
#include "sigstore/codec/json_scan.h"
#include "sigstore/codec/regex/syntax.h"

namespace sigstore::codec {
namespace {

constexpr std::string_view not_valid = "not a valid regular expression";

std::unexpected<Error> malformed(std::string_view why, std::string_view where) {
  return fail(Code::malformed, std::string(not_valid),
              std::string(why) + ": " + json::quote(where.substr(0, 100)),
              "the syntax is RE2's, as Go has it: https://github.com/google/re2/wiki/Syntax");
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// What this RE2 takes and Go does not, is refused; what Go takes and this RE2 does not, is spelled for it.
Result<std::string> spelled_for_re2(std::string_view pattern) {
  std::string out;
  for (const auto& [kind, text] : regex::tokens_of(pattern)) {
    if (kind == regex::Kind::escape && text == "\\C") return malformed("a byte is no character", text);
    const auto bracket = kind == regex::Kind::open ? text.find('<') : std::string_view::npos;
    if (bracket == std::string_view::npos) {
      out += text;
      continue;
    }
    const auto name = text.substr(bracket + 1, text.size() - bracket - 2);
    if (name.empty() || !std::ranges::all_of(name, is_word)) return malformed("not a name of a group", text);
    out += "(?P<" + std::string(name) + ">";
  }
  return out;
}

// Each byte that belongs to no character as U+FFFD.
std::string with_replacements(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < 5 && !json::is_utf8(text.substr(0, size))) ++size;
    const bool valid = size < 5;
    out += valid ? text.substr(0, size) : "\xEF\xBF\xBD";
    text.remove_prefix(valid ? std::min(size, text.size()) : 1);
  }
  return out;
}

re2::RE2::Options options() {
  re2::RE2::Options out;  // UTF-8, Perl's classes and anchors, as Go
  out.set_log_errors(false);
  out.set_max_mem(limits::regex_memory_bytes);
  return out;
}

std::string_view view(const std::string& text) {
  return text;
}

std::unexpected<Error> refusal(const re2::RE2& compiled) {
  if (compiled.error_code() == re2::RE2::ErrorPatternTooLarge) {
    return fail(Code::too_large, "the regular expression is too large",
                "compiled it needs more than " + std::to_string(limits::regex_memory_bytes) + " bytes",
                "shorten its repetitions");
  }
  // "missing ): (abc": the piece is quoted, as it may hold anything.
  const auto& piece = compiled.error_arg();
  auto why = view(compiled.error());
  if (!piece.empty() && why.ends_with(piece)) why.remove_suffix(piece.size());
  if (why.ends_with(": ")) why.remove_suffix(2);
  return malformed(why, piece.empty() ? view(compiled.pattern()) : view(piece));
}

}  // namespace

struct Regex::State {
  State(std::string_view text, const std::string& spelled)
      : pattern(text), compiled(spelled, options()), anchored(regex::is_anchored(text)) {}
  std::string pattern;
  re2::RE2 compiled;
  bool anchored;
};

Result<Regex> Regex::parse(std::string_view pattern) {
  if (pattern.size() > limits::regex_bytes) {
    return fail(Code::too_large, "the regular expression is too large",
                std::to_string(pattern.size()) + " > " + std::to_string(limits::regex_bytes) + " bytes");
  }
  TRY(const auto spelled, spelled_for_re2(pattern));
  auto state = std::make_shared<const State>(pattern, spelled);
  if (!state->compiled.ok()) return refusal(state->compiled);
  Regex out;
  out.state_ = std::move(state);
  return out;
}

bool Regex::matches_part_of(std::string_view text) const {
  const auto matches = [&](std::string_view valid) {
    return state_->compiled.Match({valid.data(), valid.size()}, 0, valid.size(), re2::RE2::UNANCHORED,
                                  nullptr, 0);
  };
  return json::is_utf8(text) ? matches(text) : matches(with_replacements(text));
}

bool Regex::anchored() const {
  return state_->anchored;
}

const std::string& Regex::pattern() const {
  return state_->pattern;
}

}  // namespace sigstore::codec
