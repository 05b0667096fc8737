// Sizes: what was understood is written as the same size again.
#include <cstdlib>

#include "cosign/args/size.h"
#include "sigstore/base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = cosign::parse_size(sigstore::as_text({data, size}));
  if (bytes && cosign::parse_size(cosign::size_text(*bytes)) != *bytes) std::abort();
  return 0;
}
