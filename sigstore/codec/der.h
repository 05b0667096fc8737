// A strict DER reader and a small writer (X.690). The reader walks a view; nothing is copied.
// Indefinite lengths, non-minimal lengths, trailing bytes and depth above limits::der_depth are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::der {

// Identifier octets used here. Context tags: 0xA0 | n (constructed), 0x80 | n (primitive).
inline constexpr std::uint8_t boolean = 0x01, integer = 0x02, bit_string = 0x03, octet_string = 0x04,
                              null = 0x05, oid = 0x06, utf8_string = 0x0C, sequence = 0x30, set = 0x31;

struct Element {
  std::uint8_t tag = 0;
  BytesView content;  // without tag and length
  BytesView whole;    // with them
};

class Reader {
 public:
  explicit Reader(BytesView input, std::size_t depth = 0) : rest_(input), depth_(depth) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::uint8_t peek() const { return rest_.empty() ? 0 : rest_[0]; }
  Result<Element> next();
  Result<Element> expect(std::uint8_t tag);
  // Enters a constructed value of that tag.
  Result<Reader> enter(std::uint8_t tag);
  // Code::malformed when bytes are left.
  Result<void> finish() const;

 private:
  BytesView rest_;
  std::size_t depth_;
};

Result<std::string> read_oid(BytesView content);       // "1.2.840.113549.1.1.1"
Result<BytesView> read_bit_string(BytesView content);  // unused bits must be 0
Result<BytesView> read_unsigned(
    BytesView content);  // big-endian magnitude, no leading zero; negative is refused

// --- writing: each returns a whole element, with tag and length
Bytes encode(std::uint8_t tag, BytesView content);
Bytes encode(std::uint8_t tag, const std::vector<Bytes>& parts);  // concatenated
Bytes encode_oid(std::string_view dotted);  // `dotted` is a constant of ours: at least two arcs
Bytes encode_unsigned(BytesView magnitude);
Bytes encode_bit_string(BytesView bytes);

}  // namespace sigstore::codec::der
