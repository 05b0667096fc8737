#include "sigstore/codec/yaml/internal/scalar.h"

#include <algorithm>
#include <array>

namespace sigstore::codec::yaml {
namespace {

constexpr std::size_t most_exponent_digits = 6;  // more is a text: no reader of JSON takes such a number

// Removes the digits in front; how many there were.
std::size_t take_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(end);
  return end;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || !any_of.contains(text.front())) return false;
  text.remove_prefix(1);
  return true;
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, text) != words.end();
}

}  // namespace

bool is_json_number(std::string_view text) {
  take(text, "-");
  if (!take(text, "0") && take_digits(text) == 0) return false;
  if (take(text, ".") && take_digits(text) == 0) return false;
  if (take(text, "eE")) {
    take(text, "+-");
    const auto digits = take_digits(text);
    if (digits == 0 || digits > most_exponent_digits) return false;
  }
  return text.empty();
}

json::Value resolve(std::string text) {
  static constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};
  static constexpr std::array<std::string_view, 3> yes = {"true", "True", "TRUE"};
  static constexpr std::array<std::string_view, 3> no = {"false", "False", "FALSE"};
  if (is_one_of(text, nulls)) return nullptr;
  if (is_one_of(text, yes)) return true;
  if (is_one_of(text, no)) return false;
  if (is_json_number(text)) return json::Number{std::move(text)};
  return text;
}

}  // namespace sigstore::codec::yaml
