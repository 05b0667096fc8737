// What is taken of a redo log is written to the same, and leads nowhere out of its folder.
#include <cstdlib>

#include "sigstore/trust_cache/internal/transaction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  const auto changes = trust_cache::parse_redo(as_text({data, size}));
  if (!changes) return 0;
  for (const auto& [path, content] : *changes)
    if (path.empty() || path.front() == '/' || ("/" + path + "/").find("/../") != std::string::npos)
      std::abort();
  if (trust_cache::parse_redo(trust_cache::write_redo(*changes)) != *changes) std::abort();
  return 0;
}
