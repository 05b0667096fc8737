// What is accepted is written and read to the same blocks, and its base64 to the same bytes.
#include <cstdlib>

#include "sigstore/codec/base64.h"
#include "sigstore/codec/pem.h"

using namespace sigstore;
using namespace sigstore::codec;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto bytes = base64::decode(text)) require(base64::encode(*bytes) == text);
  if (const auto bytes = base64::decode_any(text)) require(base64::decode(base64::encode(*bytes)) == *bytes);
  const auto first = pem::parse_first(text, "fuzz");
  const auto blocks = pem::parse(text, "fuzz");
  if (!blocks) return 0;
  require(first.has_value() && *first == blocks->front());
  for (const auto& block : *blocks) {
    const auto again = pem::parse_first(pem::encode(block.label, block.body), "written");
    require(again.has_value() && again->label == block.label && again->body == block.body);
  }
  return 0;
}
