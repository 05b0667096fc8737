#include "sigstore/codec/base64.h"

#include <algorithm>
#include <array>

#include "sigstore/base/secret.h"

namespace sigstore::codec::base64 {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t foreign = 0xFF;  // not a character of the alphabet

using Table = std::array<std::uint8_t, 256>;

constexpr Table table_of(std::string_view alphabet) {
  Table table{};
  table.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr Table standard_table = table_of(standard);
constexpr Table url_safe_table = table_of(url_safe);

// `text` without padding; writes never overtake reads.
Result<std::size_t> decode_characters(std::string_view text, const Table& table, std::uint8_t* out) {
  if (text.size() % 4 == 1) return fail(Code::malformed, "base64 text is cut short");
  std::uint8_t* const begin = out;
  const auto value_of = [&](char c) -> std::uint32_t { return table[static_cast<unsigned char>(c)]; };
  for (; text.size() >= 4; text.remove_prefix(4), out += 3) {
    const auto a = value_of(text[0]), b = value_of(text[1]), c = value_of(text[2]), d = value_of(text[3]);
    if (((a | b | c | d) & 0x80) != 0) break;  // a foreign one: the loop below says so
    out[0] = static_cast<std::uint8_t>(a << 2 | b >> 4);
    out[1] = static_cast<std::uint8_t>(b << 4 | c >> 2);
    out[2] = static_cast<std::uint8_t>(c << 6 | d);
  }
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = table[static_cast<unsigned char>(c)];
    if (value == foreign) return fail(Code::malformed, "base64 text holds another character");
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    *out++ = static_cast<std::uint8_t>(bits >> count);
  }
  if ((bits & ((1U << count) - 1)) != 0)
    return fail(Code::malformed, "base64 text has stray bits at its end");
  return static_cast<std::size_t>(out - begin);
}

Result<Bytes> decode_characters(std::string_view text, const Table& table) {
  Bytes out(text.size() / 4 * 3 + 3);
  TRY(const auto size, decode_characters(text, table, out.data()));
  out.resize(size);
  return out;
}

std::string_view without_padding(std::string_view text) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return text;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

std::string encode(BytesView bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) out += standard[group >> shift & 63];
  }
  if (const auto rest = bytes.size() - i; rest != 0) {
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16 |
                                (rest == 2 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8 : 0U);
    out += standard[group >> 18 & 63];
    out += standard[group >> 12 & 63];
    out += rest == 2 ? standard[group >> 6 & 63] : '=';
    out += '=';
  }
  return out;
}

std::string encode_url(BytesView bytes) {
  std::string out = encode(bytes);
  out.resize(out.find_last_not_of('=') + 1);
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  return out;
}

Result<Bytes> decode(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Code::malformed, "base64 text is cut short or lacks its padding");
  return decode_characters(without_padding(text), standard_table);
}

Result<Bytes> decode_any(std::string_view text) {
  Bytes out(text.size());
  TRY(const auto size, decode_any_into(text, out.data()));
  out.resize(size);
  return out;
}

Result<std::size_t> decode_any_into(std::string_view text, std::uint8_t* out) {
  const auto characters = without_padding(text);
  if (characters.size() != text.size() && text.size() % 4 != 0) {
    return fail(Code::malformed, "base64 text has wrong padding");
  }
  // Not find_first_of(), which looks at one character at a time.
  const bool url = characters.find('-') != characters.npos || characters.find('_') != characters.npos;
  return decode_characters(characters, url ? url_safe_table : standard_table, out);
}

Result<Bytes> decode_lines(std::string_view text) {
  std::string joined;
  joined.reserve(text.size());
  std::ranges::copy_if(text, std::back_inserter(joined), [](char c) { return !is_space(c); });
  auto bytes = decode(joined);
  wipe(joined);  // PEM holds private keys, too
  return bytes;
}

}  // namespace sigstore::codec::base64
