#include "server/host/exposition.h"

#include <array>
#include <charconv>
#include <cmath>

namespace server::host {
namespace {

// Backslash and line feed; in labels the quote too.
void append_escaped(std::string& out, std::string_view text, bool label) {
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || (label && c == '"'))
      (out += '\\') += c;
    else
      out += c;
  }
}

}  // namespace

std::string exposition_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text;
  const double size = std::abs(value);
  const auto format = size >= 1e-6 && size < 1e15 ? std::chars_format::fixed : std::chars_format::general;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value, format);
  return {text.data(), end};
}

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name) += ' ';
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type) += '\n';
}

void Exposition::sample(const Labels& labels, double value, std::string_view suffix) {
  line(labels, exposition_number(value), suffix);
}

void Exposition::sample(const Labels& labels, std::uint64_t value, std::string_view suffix) {
  line(labels, std::to_string(value), suffix);
}

void Exposition::line(const Labels& labels, std::string_view value, std::string_view suffix) {
  text_.append(name_).append(suffix);
  char separator = '{';
  for (const auto& [name, content] : labels) {
    (text_ += std::exchange(separator, ',')).append(name).append("=\"");
    append_escaped(text_, content, true);
    text_ += '"';
  }
  if (!labels.empty()) text_ += '}';
  text_.append(" ").append(value) += '\n';
}

}  // namespace server::host
