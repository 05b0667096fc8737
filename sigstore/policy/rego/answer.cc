#include "sigstore/policy/rego/internal/answer.h"

#include <algorithm>
#include <charconv>

#include "sigstore/codec/printable.h"

namespace sigstore::policy::rego {
namespace {

constexpr std::size_t longest_message = 1024;
constexpr std::uint8_t last_outcome = 5;

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

// The next line, without its end; `text` goes on behind it.
Result<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return fail(Code::malformed, "the answer of the interpreter ends early");
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

template <typename Number>
Result<Number> read_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(Code::malformed, "the answer of the interpreter has no number where one must be");
  return number;
}

}  // namespace

std::string write_answer(const Answer& answer) {
  return std::to_string(answer.outcome) + "\n" + std::to_string(answer.line) + "\n" +
         std::string(first_line(answer.name)) + "\n" +
         std::string(first_line(answer.message).substr(0, longest_message)) + "\n";
}

Result<Answer> read_answer(std::string_view text) {
  TRY(const auto outcome, next_line(text));
  TRY(const auto line, next_line(text));
  TRY(const auto name, next_line(text));
  TRY(const auto message, next_line(text));
  if (!text.empty()) return fail(Code::malformed, "the interpreter answered too much");
  Answer answer;
  TRY(answer.outcome, read_number<std::uint8_t>(outcome));
  TRY(answer.line, read_number<std::uint32_t>(line));
  if (answer.outcome > last_outcome) return fail(Code::malformed, "the interpreter gave no known answer");
  answer.name = name;
  answer.message = codec::printable(message.substr(0, longest_message));
  return answer;
}

}  // namespace sigstore::policy::rego
