#include "sigstore/tuf/testing/fuzz_metadata.h"

using namespace sigstore;
using namespace sigstore::tuf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = parse_timestamp(as_text({data, size}), "fuzz");
  const Timestamp* timestamp = testing::check_read(read, parse_timestamp);
  testing::require(timestamp == nullptr || timestamp->snapshot.version >= 1);
  return 0;
}
