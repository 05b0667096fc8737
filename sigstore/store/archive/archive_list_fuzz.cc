// Any text as the list of an archive: an error, or a list that survives being written.
#include <cstdlib>

#include "sigstore/store/archive/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore::store;
  const auto list = parse_list({reinterpret_cast<const char*>(data), size});
  if (!list) return 0;
  const auto again = parse_list(write_list(*list));
  if (!again || *again != *list) std::abort();
  return 0;
}
