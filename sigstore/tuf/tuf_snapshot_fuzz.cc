#include "sigstore/tuf/testing/fuzz_metadata.h"

using namespace sigstore;
using namespace sigstore::tuf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = parse_snapshot(as_text({data, size}), "fuzz");
  const Snapshot* snapshot = testing::check_read(read, parse_snapshot);
  if (snapshot == nullptr) return 0;
  testing::require(snapshot->meta.size() <= limits::tuf_files);
  for (const auto& [name, file] : snapshot->meta) {
    testing::require(file.version >= 1);
    for (const auto& [algorithm, hash] : file.hashes)
      testing::require(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
  return 0;
}
