#include <algorithm>

#include "sigstore/codec/der.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::codec::der {
namespace {

// "20260724000000Z"
std::string compact(Time time) {
  if (time == Time::max()) return "99991231235959Z";
  std::string text = rfc3339::seconds(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return text;
}

}  // namespace

Bytes encode_unsigned(std::uint64_t value) {
  Bytes magnitude;
  for (int shift = 56; shift >= 0; shift -= 8) magnitude.push_back(static_cast<std::uint8_t>(value >> shift));
  return encode_unsigned(BytesView(magnitude));
}

Bytes encode_named_bits(std::uint32_t bits) {
  Bytes content{0};
  for (; bits != 0; bits >>= 8) {
    std::uint8_t octet = 0;
    for (int bit = 0; bit < 8; ++bit) {
      if ((bits >> bit & 1) != 0) octet |= static_cast<std::uint8_t>(0x80 >> bit);
    }
    content.push_back(octet);
  }
  const auto last = content.size() == 1 ? std::uint8_t{1} : content.back();
  while ((last >> content[0] & 1) == 0) ++content[0];
  return encode(bit_string, BytesView(content));
}

Bytes encode_boolean(bool value) {
  return {boolean, 1, static_cast<std::uint8_t>(value ? 0xFF : 0)};
}

Bytes encode_set_of(std::vector<Bytes> parts) {
  std::ranges::sort(parts);
  return encode(set, parts);
}

Bytes encode_time(Time time) {
  const std::string text = compact(time);
  if (text < "1950" || text >= "2050") return encode(generalized_time, as_bytes(text));
  return encode(utc_time, as_bytes(std::string_view(text).substr(2)));
}

Bytes encode_generalized_time(Time time) {
  return encode(generalized_time, as_bytes(compact(time)));
}

}  // namespace sigstore::codec::der
