#include "sigstore/codec/canonical_json.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sigstore/codec/json_scan.h"

namespace sigstore::codec::json {
namespace {

// --- names

// Bytes of UTF-8 in the order of UTF-16: what lies above U+FFFF is written with surrogates there, and comes
// before U+E000.
unsigned utf16_rank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xF0) return byte - 2U;  // EE to F2, …
  return byte >= 0xEE ? byte + 8U : byte;
}

bool utf16_less(const Member* a, const Member* b) {
  return std::ranges::lexicographical_compare(a->key, b->key, {}, utf16_rank, utf16_rank);
}

// --- text

void append_control(std::string& out, char c) {
  constexpr std::string_view short_forms = "\b\t\n\f\r", letters = "btnfr", digits = "0123456789abcdef";
  if (const auto at = short_forms.find(c); at != std::string_view::npos) {
    out += {'\\', letters[at]};
  } else {
    out += "\\u00";
    out += {digits[static_cast<unsigned char>(c) >> 4U], digits[static_cast<unsigned char>(c) & 15U]};
  }
}

Result<void> append_text(std::string& out, std::string_view text) {
  if (!is_utf8(text)) return fail(Code::malformed, "text that is not UTF-8 has no canonical JSON");
  out += '"';
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      append_control(out, c);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
  return {};
}

// --- numbers

// Of a number outside a double's range: whether it is below and not above it. `text` is a JSON number.
bool underflows(std::string_view text) {
  const auto mark = std::min(text.find_first_of("eE"), text.size());
  const auto mantissa = text.substr(0, mark);
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
  auto power = text.substr(std::min(mark + 1, text.size()));
  const bool negative = power.starts_with('-');
  if (negative || power.starts_with('+')) power.remove_prefix(1);
  std::int64_t exponent = 0;
  if (std::from_chars(power.data(), power.data() + power.size(), exponent).ec ==
      std::errc::result_out_of_range) {
    return negative;  // beyond what digits before it could make good
  }
  constexpr std::int64_t far = std::int64_t{1} << 40;
  exponent = std::min(exponent, far);
  return (point - first) + (negative ? -exponent : exponent) < 0;
}

Result<void> append_number(std::string& out, const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool named = text.find_first_of("nN") != std::string::npos;  // nan, inf
  if (error == std::errc::result_out_of_range && underflows(text)) {
    number = 0;
  } else if (named || error != std::errc{} || stop != end) {
    return fail(Code::malformed, "the number " + text.substr(0, 64) + " has no canonical JSON",
                "no double-precision number holds it");
  }
  out += es6_number(number);
  return {};
}

// --- values

class Writer {
 public:
  Result<void> append(const Value& value, std::size_t depth) {
    if (depth > limits::json_depth) return fail(Code::too_large, "the JSON value is nested too deeply");
    if (const auto* text = value.string()) return append_text(out, *text);
    if (const auto* number = value.number()) return append_number(out, number->text);
    if (const auto* array = value.array()) return append_array(*array, depth);
    if (const auto* object = value.object()) return append_object(*object, depth);
    const bool* boolean = value.boolean();
    out += boolean == nullptr ? "null" : *boolean ? "true" : "false";
    return {};
  }

  std::string out;

 private:
  Result<void> append_array(const Array& array, std::size_t depth) {
    out += '[';
    for (const auto& value : array) {
      if (&value != array.data()) out += ',';
      TRY_OK(append(value, depth + 1));
    }
    out += ']';
    return {};
  }

  Result<void> append_object(const Object& object, std::size_t depth) {
    std::vector<const Member*> members;
    members.reserve(object.size());
    for (const auto& member : object.members()) members.push_back(&member);
    std::ranges::sort(members, utf16_less);
    const auto same = [](const Member* a, const Member* b) { return a->key == b->key; };
    if (std::ranges::adjacent_find(members, same) != members.end()) {
      return fail(Code::malformed, "an object with a name that stands twice has no canonical JSON");
    }
    out += '{';
    for (const Member* member : members) {
      if (member != members.front()) out += ',';
      TRY_OK(append_text(out, member->key));
      out += ':';
      TRY_OK(append(member->value, depth + 1));
    }
    out += '}';
    return {};
  }
};

}  // namespace

std::string es6_number(double number) {
  if (number == 0) return "0";
  std::array<char, 32> room{};
  const auto [stop, error] =
      std::to_chars(room.data(), room.data() + room.size(), number, std::chars_format::scientific);
  std::string_view text(room.data(), static_cast<std::size_t>(stop - room.data()));  // "-d.ddde-07"
  std::string out;
  if (text.starts_with('-')) {
    out = "-";
    text.remove_prefix(1);
  }
  const auto mark = text.find('e');
  std::string digits(text.substr(0, mark));
  std::erase(digits, '.');
  const int sign = text[mark + 1] == '-' ? -1 : 1;
  int exponent = 0;
  std::from_chars(text.data() + mark + 2, text.data() + text.size(), exponent);
  // Number::toString's n: the decimal point stands after the n-th digit.
  const int point = sign * exponent + 1, count = static_cast<int>(digits.size());
  if (point > 21 || point <= -6) {
    out += digits[0];
    if (count > 1) out += "." + digits.substr(1);
    return out + (point > 0 ? "e+" : "e-") + std::to_string(exponent);
  }
  if (point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count <= point) return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  return out + digits.insert(static_cast<std::size_t>(point), ".");
}

Result<std::string> write_canonical(const Value& value) {
  Writer writer;
  TRY_OK(writer.append(value, 0));
  return std::move(writer.out);
}

}  // namespace sigstore::codec::json
