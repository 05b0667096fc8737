#include "sigstore/remote/registry/challenge.h"

#include <algorithm>
#include <optional>

namespace sigstore::remote {
namespace {

bool is_token_char(char c) {  // tchar of RFC 9110 section 5.6.2
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }
  [[nodiscard]] std::size_t position() const { return at_; }
  void rewind(std::size_t position) { at_ = position; }

  bool skip(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (!done() && (peek() == ' ' || peek() == '\t')) ++at_;
  }
  void skip_commas() {
    for (skip_space(); skip(','); skip_space()) {
    }
  }
  std::string_view token() {
    const auto start = at_;
    while (!done() && is_token_char(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }
  // A scheme's single token68 ("Negotiate YII="): read and dropped.
  bool skip_token68() {
    const auto start = at_;
    while (!done() && (is_token_char(peek()) || peek() == '/')) ++at_;
    while (skip('=')) {
    }
    const bool ends = (skip_space(), done() || peek() == ',');
    if (ends && at_ != start) return true;
    at_ = start;
    return false;
  }
  std::optional<std::string> quoted() {
    std::string value;
    while (!done()) {
      const char c = text_[at_++];
      if (c == '"') return value;
      if (c == '\\' && done()) return std::nullopt;
      value += c == '\\' ? text_[at_++] : c;
    }
    return std::nullopt;
  }
  // name = value; nullopt (and nothing read) when no parameter stands here.
  std::optional<std::pair<std::string, std::string>> parameter() {
    const auto start = at_;
    const auto name = token();
    skip_space();
    if (!name.empty() && skip('=')) {
      skip_space();
      if (skip('"')) {
        if (auto value = quoted()) return std::pair(lower(name), std::move(*value));
      } else if (const auto value = token(); !value.empty()) {
        return std::pair(lower(name), std::string(value));
      }
    }
    at_ = start;
    return std::nullopt;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

Result<Challenge> read_challenge(Reader& reader) {
  Challenge challenge;
  challenge.scheme = lower(reader.token());
  if (challenge.scheme.empty() || (!reader.done() && reader.peek() != ' ' && reader.peek() != ','))
    return fail(Code::malformed, "a WWW-Authenticate header cannot be read", "no scheme where one belongs");
  reader.skip_space();
  for (;;) {
    const auto before_commas = reader.position();
    reader.skip_commas();
    if (auto parameter = reader.parameter()) {
      challenge.parameters.insert(std::move(*parameter));
      continue;
    }
    reader.rewind(before_commas);
    if (challenge.parameters.empty()) reader.skip_token68();
    return challenge;
  }
}

}  // namespace

std::string Challenge::get(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

Result<std::vector<Challenge>> parse_challenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Reader reader(header);
  for (reader.skip_commas(); !reader.done(); reader.skip_commas()) {
    TRY(auto challenge, read_challenge(reader));
    challenges.push_back(std::move(challenge));
    reader.skip_space();
    if (!reader.done() && reader.peek() != ',')
      return fail(Code::malformed, "a WWW-Authenticate header cannot be read",
                  "unexpected character at " + std::to_string(reader.position()));
  }
  return challenges;
}

Challenge preferred_challenge(const net::Headers& headers) {
  Challenge chosen;
  for (const auto& header : headers.all("WWW-Authenticate")) {
    const auto challenges = parse_challenges(header);
    if (!challenges) continue;
    for (const auto& challenge : *challenges) {
      const bool bearer = challenge.scheme == "bearer" && chosen.scheme != "bearer";
      if (bearer || (challenge.scheme == "basic" && chosen.scheme.empty())) chosen = challenge;
    }
  }
  return chosen;
}

}  // namespace sigstore::remote
