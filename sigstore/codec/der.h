// A strict DER reader and a small writer (X.690). The reader walks a view; nothing is copied.
// Indefinite lengths, non-minimal lengths, trailing bytes and depth above limits::der_depth are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace sigstore::codec::der {

// Identifier octets used here. Context tags: 0xA0 | n (constructed), 0x80 | n (primitive).
inline constexpr std::uint8_t boolean = 0x01, integer = 0x02, bit_string = 0x03, octet_string = 0x04,
                              null = 0x05, oid = 0x06, utf8_string = 0x0C, printable_string = 0x13,
                              ia5_string = 0x16, utc_time = 0x17, generalized_time = 0x18, sequence = 0x30,
                              set = 0x31;
constexpr std::uint8_t context(unsigned number) {
  return static_cast<std::uint8_t>(0x80 | number);
}
constexpr std::uint8_t context_constructed(unsigned number) {
  return static_cast<std::uint8_t>(0xA0 | number);
}

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
Bytes encode_unsigned(std::uint64_t value);
Bytes encode_bit_string(BytesView bytes);
// A bit string with names (X.690 11.2.2): bit `n` of the name with number n; zeros at the end are left out.
Bytes encode_named_bits(std::uint32_t bits);
Bytes encode_boolean(bool value);
Bytes encode_set_of(std::vector<Bytes> parts);  // sorted, as DER has it (X.690 11.6)
// To the second, UTC, as RFC 5280 4.1.2.5 has it: UTCTime to the year 2049, later and before 1950
// GeneralizedTime; Time::max() is 99991231235959Z, without an end. encode_generalized_time() is the latter
// always.
Bytes encode_time(Time time);
Bytes encode_generalized_time(Time time);

}  // namespace sigstore::codec::der
