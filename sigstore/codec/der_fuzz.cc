// Every element lies inside the input and is written to the same bytes again.
#include <algorithm>
#include <cstdlib>

#include "sigstore/codec/der.h"

using namespace sigstore;
using namespace sigstore::codec;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_scalar(const der::Element& element) {
  if (element.tag == der::oid) {
    if (const auto dotted = der::read_oid(element.content)) {
      require(std::ranges::equal(der::encode_oid(*dotted), element.whole));
    }
  }
  if (element.tag == der::integer) {
    if (const auto magnitude = der::read_unsigned(element.content)) {
      require(std::ranges::equal(der::encode_unsigned(*magnitude), element.whole));
    }
  }
  if (element.tag == der::bit_string) {
    if (const auto bits = der::read_bit_string(element.content)) {
      require(std::ranges::equal(der::encode_bit_string(*bits), element.whole));
    }
  }
}

void walk(der::Reader reader) {
  while (!reader.empty()) {
    auto inside = der::Reader(reader).enter(reader.peek());
    const auto element = reader.next();
    if (!element) return;
    require(std::ranges::equal(der::encode(element->tag, element->content), element->whole));
    check_scalar(*element);
    const bool constructed = (element->tag & 0x20) != 0;
    if (constructed && inside) walk(*inside);
  }
  require(reader.finish().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  walk(der::Reader({data, size}));
  return 0;
}
