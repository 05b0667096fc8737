// The request as the helper reads it: what is taken has an absolute path, and the PIN is what stands behind
// the line.
#include <cstdlib>

#include "pkcs11/internal/request.h"

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = pkcs11::parse_request({data, size});
  if (!request) {
    need(request.error().kind == "request" && !request.error().detail.empty());
    return 0;
  }
  need(request->module.starts_with('/'));
  need(sigstore::to_text({data, size}).ends_with("\n" + std::string(request->pin.reveal())));
  return 0;
}
