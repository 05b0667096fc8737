#include "sigstore/codec/json_scan.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "sigstore/codec/internal/json_refusal.h"

namespace sigstore::codec::json {
namespace {

// What a byte inside a string is.
enum class Class : std::uint8_t { plain, quote, escape, control, beyond };

constexpr std::array<Class, 256> classes = [] {
  std::array<Class, 256> table{};
  for (std::size_t c = 0; c < 256; ++c)
    table[c] = c == '"'    ? Class::quote
               : c == '\\' ? Class::escape
               : c < 0x20  ? Class::control
               : c < 0x80  ? Class::plain
                           : Class::beyond;
  return table;
}();

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four digits after `\u` at the front of `text`; -1 when they are not there.
int unit_at(std::string_view text) {
  if (text.size() < 4) return -1;
  int unit = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}
bool is_high(int unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(int unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Bytes of the character at the front of `text`, which begins above 0x7F; 0 when it is no UTF-8.
std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const unsigned lead = at(0);
  const unsigned second = at(1);
  if (!continues(1)) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F);
    return bad || !continues(2) ? 0 : 3;
  }
  if (lead < 0xF0 || lead > 0xF4 || !continues(2) || !continues(3)) return 0;
  const bool bad = (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return bad ? 0 : 4;
}

void append_utf8(std::string& out, unsigned rune) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (rune < 0x80) return put(rune);
  if (rune < 0x800) {
    put(0xC0 | rune >> 6);
  } else {
    if (rune < 0x10000) {
      put(0xE0 | rune >> 12);
    } else {
      put(0xF0 | rune >> 18);
      put(0x80 | (rune >> 12 & 0x3F));
    }
    put(0x80 | (rune >> 6 & 0x3F));
  }
  put(0x80 | (rune & 0x3F));
}

// The one character that an escape (without its backslash) at the front of `text` stands for; `text` is moved
// on behind it. The text was checked.
unsigned take_escape(std::string_view& text) {
  constexpr std::string_view letters = "bfnrt";
  constexpr std::string_view meant = "\b\f\n\r\t";
  const char letter = text[0];
  text.remove_prefix(1);
  if (letter != 'u') {
    const auto at = letters.find(letter);
    return static_cast<unsigned char>(at == std::string_view::npos ? letter : meant[at]);
  }
  const int unit = unit_at(text);
  text.remove_prefix(4);
  if (!is_high(unit)) return static_cast<unsigned>(unit);
  const int low = unit_at(text.substr(2));
  text.remove_prefix(6);
  return 0x10000U + (static_cast<unsigned>(unit - 0xD800) << 10) + static_cast<unsigned>(low - 0xDC00);
}

// An array or object whose end has not been seen.
struct Open {
  bool is_object = false;
  bool empty = true;
  std::size_t first_name = 0;  // in Scanner::names_
  std::size_t first_unescaped = 0;
};

// Reads one document, without recursion.
class Scanner {
 public:
  Scanner(std::string_view text, std::string_view what, std::initializer_list<std::string_view> wanted,
          const ParseOptions& options)
      : text_(text), what_(what), wanted_(wanted), options_(options) {}

  Result<Scanned> run();

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_space() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] std::unexpected<Error> refuse(const std::string& why, Code code = Code::malformed) const {
    return refuse_text(what_, text_, at_, code, why);
  }
  [[nodiscard]] std::unexpected<Error> unexpected_here() const {
    return refuse(at_end() ? "incomplete JSON" : "syntax error");
  }

  Result<void> value();
  Result<void> begin(bool is_object);
  Result<void> next();
  Result<void> close();
  Result<void> name();
  Result<void> string();
  Result<void> escape();
  Result<void> character();
  Result<void> number();
  Result<void> digits();
  Result<void> literal(std::string_view word);
  Result<void> check_names(std::size_t first);
  void began(Kind kind);
  void ended(std::size_t depth);

  const std::string_view text_;
  const std::string_view what_;
  const std::initializer_list<std::string_view> wanted_;
  const ParseOptions& options_;
  std::size_t at_ = 0;
  std::vector<Open> open_;
  std::vector<std::string_view> names_;  // of all open objects
  std::deque<std::string> unescaped_;    // names that are not in the text as they are
  bool escaped_ = false;                 // the last string had an escape
  bool done_ = false;                    // the outermost value is complete
  bool wanted_now_ = false;              // the value that comes next was asked for
  Scanned found_;
};

// A value begins here: the root, or a member of it that was asked for, is noted.
void Scanner::began(Kind kind) {
  if (open_.empty())
    found_.root = {at_, 0, kind};
  else if (open_.size() == 1 && wanted_now_)
    found_.members.back().value = {at_, 0, kind};
}

// A value that stands in `depth` open ones ended here.
void Scanner::ended(std::size_t depth) {
  if (depth == 0) {
    found_.root.size = at_ - found_.root.offset;
    done_ = true;
  } else if (depth == 1 && std::exchange(wanted_now_, false)) {
    Span& value = found_.members.back().value;
    value.size = at_ - value.offset;
  }
}

Result<void> Scanner::value() {
  skip_space();
  const char c = peek();
  if (c == '{' || c == '[') return begin(c == '{');
  if (c == '"') {
    began(Kind::string);
    TRY_OK(string());
  } else if (c == '-' || is_digit(c)) {
    began(Kind::number);
    TRY_OK(number());
  } else if (c == 't' || c == 'f') {
    began(Kind::boolean);
    TRY_OK(literal(c == 't' ? "true" : "false"));
  } else if (c == 'n') {
    began(Kind::null);
    TRY_OK(literal("null"));
  } else {
    return unexpected_here();
  }
  ended(open_.size());
  return {};
}

Result<void> Scanner::begin(bool is_object) {
  if (open_.size() == options_.max_depth) return refuse(too_many_levels(options_.max_depth), Code::too_large);
  began(is_object ? Kind::object : Kind::array);
  ++at_;
  open_.push_back({is_object, true, names_.size(), unescaped_.size()});
  return {};
}

// One step inside the innermost open value: its end, or one more element or member.
Result<void> Scanner::next() {
  skip_space();
  Open& inner = open_.back();
  if (take(inner.is_object ? '}' : ']')) return close();
  if (!inner.empty && !take(',')) return unexpected_here();
  inner.empty = false;
  if (inner.is_object) TRY_OK(name());
  return value();
}

Result<void> Scanner::close() {
  const Open inner = open_.back();
  if (inner.is_object) TRY_OK(check_names(inner.first_name));
  unescaped_.resize(inner.first_unescaped);
  open_.pop_back();
  ended(open_.size());
  return {};
}

Result<void> Scanner::name() {
  skip_space();
  if (peek() != '"') return unexpected_here();
  const std::size_t from = at_;
  TRY_OK(string());
  const auto quoted = text_.substr(from, at_ - from);
  auto name = quoted.substr(1, quoted.size() - 2);
  if (escaped_) name = unescaped_.emplace_back(unquoted(quoted));
  if (names_.size() == options_.max_values) return refuse("too many names", Code::too_large);
  names_.push_back(name);
  if (open_.size() == 1 && std::ranges::find(wanted_, name) != wanted_.end()) {
    if (found_.find(name) != nullptr) return refuse(name_twice(name));
    found_.members.push_back({std::string(name), {}});
    wanted_now_ = true;
  }
  skip_space();
  return take(':') ? Result<void>() : unexpected_here();
}

// The names of an object that ends are each there once. Those of many are sorted: that costs no memory.
Result<void> Scanner::check_names(std::size_t first) {
  const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, names_.end());
  const auto twice = std::adjacent_find(begin, names_.end());
  if (twice != names_.end()) return refuse(name_twice(*twice));
  names_.erase(begin, names_.end());
  return {};
}

Result<void> Scanner::string() {
  escaped_ = false;
  ++at_;
  while (true) {
    while (!at_end() && classes[static_cast<unsigned char>(text_[at_])] == Class::plain) ++at_;
    if (at_end()) return unexpected_here();
    switch (classes[static_cast<unsigned char>(text_[at_])]) {
      case Class::quote:
        ++at_;
        return {};
      case Class::escape:
        TRY_OK(escape());
        break;
      case Class::beyond:
        TRY_OK(character());
        break;
      case Class::control:
        return refuse("illegal control character");
      case Class::plain:
        break;
    }
  }
}

Result<void> Scanner::escape() {
  escaped_ = true;
  ++at_;
  const char letter = peek();
  if (letter != 'u') {
    if (at_end() || std::string_view("\"\\/bfnrt").find(letter) == std::string_view::npos)
      return refuse("invalid escape");
    ++at_;
    return {};
  }
  ++at_;
  const int unit = unit_at(text_.substr(at_));
  if (unit < 0) return refuse("expected hex digits");
  if (is_low(unit)) return refuse("illegal leading surrogate");
  at_ += 4;
  if (!is_high(unit)) return {};
  const auto rest = text_.substr(at_);
  if (!rest.starts_with("\\u") || !is_low(unit_at(rest.substr(2))))
    return refuse("illegal trailing surrogate");
  at_ += 6;
  return {};
}

Result<void> Scanner::character() {
  const std::size_t size = character_size(text_.substr(at_, 4));
  if (size == 0) return refuse("not valid UTF-8");
  at_ += size;
  return {};
}

Result<void> Scanner::digits() {
  if (!is_digit(peek())) return unexpected_here();
  while (is_digit(peek())) ++at_;
  return {};
}

Result<void> Scanner::number() {
  take('-');
  if (!take('0')) TRY_OK(digits());
  if (take('.')) TRY_OK(digits());
  if (!take('e') && !take('E')) return {};
  if (!take('+')) take('-');
  return digits();
}

Result<void> Scanner::literal(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return refuse("syntax error");
  at_ += word.size();
  return {};
}

Result<Scanned> Scanner::run() {
  TRY_OK(value());
  while (!done_) TRY_OK(next());
  skip_space();
  if (!at_end()) return refuse("text follows the document");
  return std::move(found_);
}

}  // namespace

std::string Span::cut(std::string_view text, std::string_view stand_in) const {
  std::string rest;
  rest.reserve(text.size() - size + stand_in.size());
  rest += text.substr(0, offset);
  rest += stand_in;
  rest += text.substr(offset + size);
  return rest;
}

const Span* Scanned::find(std::string_view name) const {
  const auto at = std::ranges::find(members, name, &ScannedMember::name);
  return at == members.end() ? nullptr : &at->value;
}

Result<Scanned> scan(std::string_view text, std::string_view what,
                     std::initializer_list<std::string_view> wanted, const ParseOptions& options) {
  if (text.size() > options.max_bytes) return refuse_size(what, text.size(), options.max_bytes);
  return Scanner(text, what, wanted, options).run();
}

std::string unquoted(std::string_view quoted) {
  auto text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto plain = std::min(text.find('\\'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    text.remove_prefix(1);
    append_utf8(out, take_escape(text));
  }
  return out;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const bool ascii = static_cast<unsigned char>(text[at]) < 0x80;
    const std::size_t size = ascii ? 1 : character_size(text.substr(at, 4));
    if (size == 0) return false;
    at += size;
  }
  return true;
}

}  // namespace sigstore::codec::json
