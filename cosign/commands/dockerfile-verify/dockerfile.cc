#include "cosign/commands/dockerfile-verify/dockerfile.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "cosign/commands/dockerfile-verify/heredoc.h"
#include "cosign/commands/dockerfile-verify/words.h"
#include "sigstore/base/limits.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

constexpr std::array<std::string_view, 18> keywords = {
    "ADD",   "ARG",        "CMD",     "COPY", "ENTRYPOINT", "ENV",        "EXPOSE", "FROM",   "HEALTHCHECK",
    "LABEL", "MAINTAINER", "ONBUILD", "RUN",  "SHELL",      "STOPSIGNAL", "USER",   "VOLUME", "WORKDIR"};

bool is_comment(std::string_view line) {
  return trimmed(line).starts_with('#');
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : rest_(text), name_(name) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  Result<Dockerfile> parse() {
    TRY_OK(directives());
    while (const auto line = next()) {
      if (trimmed(*line).empty() || is_comment(*line)) continue;
      TRY_OK(instruction(*line));
    }
    return std::move(file_);
  }

 private:
  // The next line, without its end.
  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const auto end = rest_.find('\n');
    auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

  // The comments at the very top that are of the form "# NAME = VALUE".
  Result<void> directives() {
    std::vector<std::string> seen;
    while (true) {
      const auto end = rest_.find('\n');
      const auto [key, value] = directive(rest_.substr(0, end));
      if (key != "syntax" && key != "escape" && key != "check") return {};
      next();
      if (std::ranges::find(seen, key) != seen.end()) return refuse("the directive " + key + " stands twice");
      seen.push_back(key);
      if (key == "syntax") file_.syntax = value.substr(0, value.find(' '));
      if (key == "escape") TRY_OK(set_escape(value));
    }
  }

  static std::pair<std::string, std::string> directive(std::string_view line) {
    line = trimmed(line);
    const auto equals = line.find('=');
    if (!line.starts_with('#') || equals == std::string_view::npos) return {};
    const auto value = trimmed(line.substr(equals + 1));
    if (value.empty()) return {};
    return {lower(trimmed(line.substr(1, equals - 1))), std::string(value)};
  }

  Result<void> set_escape(const std::string& value) {
    if (value != "\\" && value != "`") return refuse("the directive escape takes \\ or `");
    file_.escape = value.front();
    return {};
  }

  // Whether a line goes on with the next: it ends in one escape. It is cut off then.
  [[nodiscard]] bool continues(std::string_view& line) const {
    const auto last = line.find_last_not_of(" \t");
    if (last == std::string_view::npos || line[last] != file_.escape) return false;
    if (last > 0 && line[last - 1] == file_.escape) return false;
    line = line.substr(0, last);
    return true;
  }

  Result<void> instruction(std::string_view first) {
    const std::size_t start = number_;
    std::string line;
    std::string_view part = first;
    bool more = continues(part);
    line += part;
    while (more) {
      const auto following = next();
      if (!following) break;
      if (is_comment(*following) || trimmed(*following).empty()) continue;
      part = *following;
      more = continues(part);
      line += part;
    }
    if (trimmed(line).empty()) return {};
    return add(parse_instruction(line, start), line);
  }

  Result<void> add(Instruction instruction, const std::string& line) {
    if (std::ranges::find(keywords, instruction.keyword) == keywords.end())
      return refuse_at(instruction.line, "there is no instruction " + instruction.keyword.substr(0, 64),
                       "this is no Dockerfile, or a here-document or a continued line ended early");
    for (const Heredoc& document : heredocs(instruction, line)) TRY_OK(skip(document, instruction.line));
    file_.instructions.push_back(std::move(instruction));
    return {};
  }

  Result<void> skip(const Heredoc& document, std::size_t start) {
    if (document.only_if_it_ends && !comes(document.name)) return {};
    while (auto line = next()) {
      if (document.strips_tabs) line->remove_prefix(std::min(line->find_first_not_of('\t'), line->size()));
      if (*line == document.name) return {};
    }
    return refuse_at(start, "the here-document " + document.name + " does not end");
  }

  // Whether one of the lines that are left is just that.
  bool comes(const std::string& text) {
    if (last_.empty()) {
      Parser ahead(rest_, name_);
      ahead.number_ = number_;
      while (const auto line = ahead.next()) last_[*line] = ahead.number_;
    }
    const auto found = last_.find(text);
    return found != last_.end() && found->second > number_;
  }

  [[nodiscard]] std::unexpected<sigstore::Error> refuse(const std::string& why) const {
    return refuse_at(number_, why);
  }
  [[nodiscard]] std::unexpected<sigstore::Error> refuse_at(std::size_t line, const std::string& why,
                                                           const std::string& cause = {}) const {
    return fail(Code::malformed, line_of(name_, line) + ": " + why, cause);
  }

  std::string_view rest_;
  const std::string& name_;
  std::size_t number_ = 0;                                  // of the line that was read last
  std::unordered_map<std::string_view, std::size_t> last_;  // where each line stands last; made on demand
  Dockerfile file_;
};

}  // namespace

Result<Dockerfile> parse_dockerfile(std::string_view text, const std::string& name) {
  if (text.size() > sigstore::limits::dockerfile_bytes)
    return fail(
        Code::too_large, name + " is too large",
        "a Dockerfile of at most " + std::to_string(sigstore::limits::dockerfile_bytes) + " bytes is read");
  return Parser(text, name).parse();
}

Instruction parse_instruction(std::string_view line, std::size_t number) {
  line = trimmed(line);
  const auto end = std::min(line.find_first_of(" \t\v\f\r"), line.size());
  auto [flags, rest] = take_flags(line.substr(end));
  return {number, upper(line.substr(0, end)), std::move(flags), std::move(rest)};
}

std::string line_of(const std::string& name, std::size_t line) {
  return name + ":" + std::to_string(line);
}

}  // namespace cosign
