// TimeStampReq: what is read is written in a form that is read as the same.
#include <cstdint>
#include <cstdlib>

#include "sigstore/timestamp/request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  auto request = timestamp::Request::parse({data, size});
  if (!request) return 0;
  if (request->imprint.size() != crypto::size_of(request->algorithm)) std::abort();
  request->extensions.clear();
  if (timestamp::Request::parse(request->encode()) != request) std::abort();
  return 0;
}
