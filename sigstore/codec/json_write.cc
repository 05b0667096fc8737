// Go's encoding/json, byte for byte (1.22 and later).
#include "sigstore/codec/json.h"

namespace sigstore::codec::json {
namespace {

constexpr std::size_t large_text = std::size_t{64} * 1024;

constexpr std::string_view hex_digits = "0123456789abcdef";

struct Rune {
  std::uint32_t value = 0;
  std::size_t size = 1;
  bool valid = false;
};

// The character at the front of `text`, which starts with a byte above 0x7F. Anything that is not UTF-8
// counts as one broken byte, as in Go.
Rune first_rune(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  std::uint32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    value = value << 6 | (next & 0x3F);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[size] || value > 0x10FFFF || surrogate) return {};
  return {value, size, true};
}

// Which characters are escaped beyond those that JSON names.
enum class Escapes { html, none };

void append_ascii(std::string& out, char c, Escapes escapes) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const bool html = escapes == Escapes::html && (c == '<' || c == '>' || c == '&');
  if (c >= 0x20 && !html) {
    out += c;
    return;
  }
  out += "\\u00";
  out += hex_digits[static_cast<unsigned char>(c) >> 4];
  out += hex_digits[c & 15];
}

void append_quoted(std::string& out, std::string_view text, Escapes escapes) {
  if (text.size() > large_text) out.reserve(out.size() + text.size() + large_text);  // it grows by doubling
  out += '"';
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      append_ascii(out, text[0], escapes);
      text.remove_prefix(1);
      continue;
    }
    const auto rune = first_rune(text);
    const bool separator = escapes == Escapes::html && (rune.value == 0x2028 || rune.value == 0x2029);
    if (!rune.valid)
      out += "\\ufffd";
    else if (separator)
      out += rune.value == 0x2028 ? "\\u2028" : "\\u2029";
    else
      out += text.substr(0, rune.size);
    text.remove_prefix(rune.size);
  }
  out += '"';
}

// Compact when `indent` is negative.
class Writer {
 public:
  Writer(int indent, Escapes escapes) : indent_(indent), escapes_(escapes) {}

  void append(const Value& value) {
    if (const auto* b = value.boolean())
      out_ += *b ? "true" : "false";
    else if (const auto* number = value.number())
      out_ += number->text;
    else if (const auto* text = value.string())
      append_quoted(out_, *text, escapes_);
    else if (const auto* array = value.array())
      append_array(*array);
    else if (const auto* object = value.object())
      append_object(*object);
    else
      out_ += "null";
  }

  std::string take() { return std::move(out_); }

 private:
  void append_array(const Array& array) {
    append_all('[', ']', array, [this](const Value& element) { append(element); });
  }

  void append_object(const Object& object) {
    append_all('{', '}', object.members(), [this](const Member& member) {
      append_quoted(out_, member.key, escapes_);
      out_ += indent_ < 0 ? ":" : ": ";
      append(member.value);
    });
  }

  template <typename Items, typename Append>
  void append_all(char begin, char end, const Items& items, Append append_item) {
    out_ += begin;
    ++level_;
    bool first = true;
    for (const auto& item : items) {
      if (!std::exchange(first, false)) out_ += ',';
      break_line();
      append_item(item);
    }
    --level_;
    if (!items.empty()) break_line();
    out_ += end;
  }

  void break_line() {
    if (indent_ < 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * level_), ' ');
  }

  std::string out_;
  int indent_;
  Escapes escapes_;
  int level_ = 0;
};

std::string write_with(const Value& value, int indent, Escapes escapes) {
  Writer writer(indent, escapes);
  writer.append(value);
  return writer.take();
}

}  // namespace

std::string write(const Value& value) {
  return write_with(value, -1, Escapes::html);
}
std::string write_indented(const Value& value, int spaces) {
  return write_with(value, spaces, Escapes::html);
}
std::string write_plain(const Value& value) {
  return write_with(value, -1, Escapes::none);
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text, Escapes::html);
  return out;
}

}  // namespace sigstore::codec::json
