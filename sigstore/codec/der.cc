#include "sigstore/codec/der.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "sigstore/base/limits.h"

namespace sigstore::codec::der {
namespace {

std::unexpected<Error> malformed(std::string cause) {
  return fail(Code::malformed, "not valid DER", std::move(cause));
}

struct Length {
  std::size_t value = 0;
  std::size_t octets = 0;  // of the length itself
};

// X.690 8.1.3, restricted by 10.1: definite and minimal.
Result<Length> read_length(BytesView in) {
  if (in.empty()) return malformed("the length is missing");
  if (in[0] < 0x80) return Length{in[0], 1};
  const std::size_t count = in[0] & 0x7F;
  if (count == 0) return malformed("indefinite length");
  if (count > 4) return malformed("the length has more than 4 octets");
  if (in.size() < 1 + count) return malformed("the length is cut short");
  std::size_t value = 0;
  for (std::size_t i = 1; i <= count; ++i) value = value << 8 | in[i];
  if (in[1] == 0 || value < 0x80) return malformed("the length is not minimal");
  return Length{value, 1 + count};
}

void append_length(Bytes& out, std::size_t length) {
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  Bytes octets;
  for (; length != 0; length >>= 8) octets.push_back(static_cast<std::uint8_t>(length));
  out.push_back(static_cast<std::uint8_t>(0x80 | octets.size()));
  out.insert(out.end(), octets.rbegin(), octets.rend());
}

void append_base128(Bytes& out, std::uint64_t value) {
  Bytes septets{static_cast<std::uint8_t>(value & 0x7F)};
  while ((value >>= 7) != 0) septets.push_back(static_cast<std::uint8_t>(0x80 | (value & 0x7F)));
  out.insert(out.end(), septets.rbegin(), septets.rend());
}

// Takes the next subidentifier of an OID (X.690 8.19), whose last octet is an end of one.
Result<std::uint64_t> take_subidentifier(BytesView& content) {
  if (content[0] == 0x80) return malformed("an object identifier is not minimal");
  std::uint64_t value = 0;
  for (bool more = true; more; content = content.subspan(1)) {
    if (value > std::numeric_limits<std::uint64_t>::max() >> 7)
      return malformed("an object identifier is too long");
    value = value << 7 | (content[0] & 0x7F);
    more = (content[0] & 0x80) != 0;
  }
  return value;
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  out.append(digits.begin(), end);
}

}  // namespace

Result<Element> Reader::next() {
  if (rest_.empty()) return malformed("an element is missing");
  const auto tag = rest_[0];
  if ((tag & 0x1F) == 0x1F) return malformed("a tag of several octets");
  TRY(const auto length, read_length(rest_.subspan(1)));
  const auto header = 1 + length.octets;
  if (length.value > rest_.size() - header) return malformed("an element is cut short");
  const Element element{tag, rest_.subspan(header, length.value), rest_.first(header + length.value)};
  rest_ = rest_.subspan(element.whole.size());
  return element;
}

Result<Element> Reader::expect(std::uint8_t tag) {
  if (!rest_.empty() && rest_[0] != tag) {
    return malformed("tag " + std::to_string(rest_[0]) + " stands where " + std::to_string(tag) + " must");
  }
  return next();
}

Result<Reader> Reader::enter(std::uint8_t tag) {
  if (depth_ + 1 > limits::der_depth) return fail(Code::too_large, "DER is nested too deep");
  TRY(const auto element, expect(tag));
  return Reader(element.content, depth_ + 1);
}

Result<void> Reader::finish() const {
  if (!rest_.empty()) return malformed(std::to_string(rest_.size()) + " bytes are left over");
  return {};
}

Result<std::string> read_oid(BytesView content) {
  if (content.empty() || (content.back() & 0x80) != 0) return malformed("an object identifier is cut short");
  std::string out;
  TRY(const auto first, take_subidentifier(content));  // joins two arcs
  const auto root = std::min<std::uint64_t>(first / 40, 2);
  append_number(out, root);
  out += '.';
  append_number(out, first - root * 40);
  while (!content.empty()) {
    TRY(const auto number, take_subidentifier(content));
    out += '.';
    append_number(out, number);
  }
  return out;
}

Result<BytesView> read_bit_string(BytesView content) {
  if (content.empty()) return malformed("a bit string lacks its first octet");
  if (content[0] != 0) return malformed("a bit string is not a whole number of octets");
  return content.subspan(1);
}

Result<BytesView> read_unsigned(BytesView content) {
  if (content.empty()) return malformed("an integer has no octets");
  if ((content[0] & 0x80) != 0) return malformed("an integer is negative");
  if (content[0] != 0 || content.size() == 1) return content;
  if ((content[1] & 0x80) == 0) return malformed("an integer is not minimal");
  return content.subspan(1);
}

Bytes encode(std::uint8_t tag, BytesView content) {
  Bytes out{tag};
  append_length(out, content.size());
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes encode(std::uint8_t tag, const std::vector<Bytes>& parts) {
  Bytes content;
  for (const auto& part : parts) content.insert(content.end(), part.begin(), part.end());
  return encode(tag, BytesView(content));
}

Bytes encode_oid(std::string_view dotted) {
  std::vector<std::uint64_t> arcs(1);
  for (const char c : dotted) {
    if (c == '.')
      arcs.push_back(0);
    else
      arcs.back() = arcs.back() * 10 + static_cast<std::uint64_t>(c - '0');
  }
  Bytes content;
  for (std::size_t i = 1; i < arcs.size(); ++i)
    append_base128(content, i == 1 ? arcs[0] * 40 + arcs[1] : arcs[i]);
  return encode(oid, BytesView(content));
}

Bytes encode_unsigned(BytesView magnitude) {
  const auto first = std::ranges::find_if(magnitude, [](auto octet) { return octet != 0; });
  Bytes content;
  if (first == magnitude.end() || (*first & 0x80) != 0) content.push_back(0);
  content.insert(content.end(), first, magnitude.end());
  return encode(integer, BytesView(content));
}

Bytes encode_bit_string(BytesView bytes) {
  Bytes content{0};
  content.insert(content.end(), bytes.begin(), bytes.end());
  return encode(bit_string, BytesView(content));
}

}  // namespace sigstore::codec::der
