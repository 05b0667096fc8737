// Whatever stands where a certificate should: it is refused, or what it says lies within it.
#include <cstdint>
#include <cstdlib>

#include "sigstore/bundle/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto claim = sigstore::bundle::read_certificate({data, size});
  if (claim && (claim->identity.size() > size || claim->issuer.size() > size)) std::abort();
  return 0;
}
