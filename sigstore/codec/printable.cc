#include "sigstore/codec/printable.h"

#include <cstdint>

namespace sigstore::codec {
namespace {

struct Decoded {
  std::uint32_t point = 0;
  std::size_t size = 0;  // 0: not UTF-8
};

// The length that a first byte of UTF-8 announces; 0 for a byte that is none.
std::size_t announced(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

// RFC 3629: the shortest form, no surrogates, at most U+10FFFF.
Decoded decode(std::string_view text) {
  static constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t size = announced(first);
  if (size == 0 || size > text.size()) return {};
  std::uint32_t point = size == 1 ? first : first & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) return {};
    point = point << 6 | (next & 0x3fU);
  }
  if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return {};
  return {point, size};
}

bool within(std::uint32_t point, std::uint32_t first, std::uint32_t last) {
  return point >= first && point <= last;
}

bool changes_the_terminal(std::uint32_t point) {
  const bool control = point < 0x20 || within(point, 0x7f, 0x9f);
  const bool direction = point == 0x61c || within(point, 0x200e, 0x200f) || within(point, 0x202a, 0x202e) ||
                         within(point, 0x2066, 0x2069);
  const bool line_break = within(point, 0x2028, 0x2029);
  return control || direction || line_break;
}

void append_hex(std::string& out, std::string_view prefix, std::uint32_t number, int digits) {
  out += prefix;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[number >> shift & 0xf];
}

void append_visible(std::string& out, std::uint32_t point) {
  if (point == '\n') {
    out += "\\n";
  } else if (point == '\t') {
    out += "\\t";
  } else if (point == '\r') {
    out += "\\r";
  } else {
    append_hex(out, point < 0x80 ? "\\x" : "\\u", point, point < 0x80 ? 2 : 4);
  }
}

std::string convert(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded decoded = decode(text);
    if (decoded.size == 0) {
      append_hex(out, "\\x", static_cast<unsigned char>(text[0]), 2);
      text.remove_prefix(1);
      continue;
    }
    if (changes_the_terminal(decoded.point) && kept.find(text[0]) == std::string_view::npos) {
      append_visible(out, decoded.point);
    } else {
      out += text.substr(0, decoded.size);
    }
    text.remove_prefix(decoded.size);
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return convert(text, "");
}
std::string printable_lines(std::string_view text) {
  return convert(text, "\n\t");
}

}  // namespace sigstore::codec
