// The text of a redo log: a first line, then "write SIZE PATH" with a line feed, the content and a line feed,
// or "remove PATH" with a line feed, and "end" with a line feed.
#include <algorithm>
#include <charconv>

#include "sigstore/base/limits.h"
#include "sigstore/trust_cache/internal/transaction.h"

namespace sigstore::trust_cache {
namespace {

constexpr std::string_view first_line = "cosign-cpp trust cache 1\n", last_line = "end\n";
constexpr std::size_t path_bytes = 4 * limits::kib;

std::unexpected<Error> damaged(const char* why) {
  return fail(Code::malformed, "a redo log of the trust cache is damaged", why);
}

bool is_below(std::string_view path) {
  if (path.empty() || path.size() > path_bytes || path == redo_log) return false;
  while (true) {
    const auto segment = path.substr(0, path.find('/'));
    const auto bad = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; };
    if (segment.empty() || segment == "." || segment == ".." || std::ranges::any_of(segment, bad))
      return false;
    if (segment.size() == path.size()) return true;
    path.remove_prefix(segment.size() + 1);
  }
}

bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::size_t> take_number(std::string_view& line) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return take(line, " ") ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string write_redo(const Changes& changes) {
  std::string text(first_line);
  for (const auto& [path, content] : changes) {
    if (content)
      text += "write " + std::to_string(content->size()) + " " + path + "\n" + *content + "\n";
    else
      text += "remove " + path + "\n";
  }
  return text += last_line;
}

Result<Changes> parse_redo(std::string_view text) {
  if (!take(text, first_line)) return damaged("it does not begin as one");
  Changes changes;
  while (text != last_line) {
    auto line = take_line(text);
    if (!line) return damaged("it has no end");
    std::optional<std::string> content;
    if (take(*line, "write ")) {
      const auto size = take_number(*line);
      if (!size || *size >= text.size() || text[*size] != '\n') return damaged("a size is wrong");
      content = text.substr(0, *size);
      text.remove_prefix(*size + 1);
    } else if (!take(*line, "remove ")) {
      return damaged("it holds something that is not known");
    }
    if (!is_below(*line)) return damaged("it names a file that is none of the cache");
    if (!changes.emplace(*line, std::move(content)).second) return damaged("it names a file twice");
  }
  return changes;
}

}  // namespace sigstore::trust_cache
