// Range, If-Range and Content-Range: whatever a header says, a part lies within the content, and a chunk that
// is taken begins where the content ends.
#include <cstdlib>

#include "server/registry/range.h"
#include "sigstore/base/bytes.h"

using namespace server::registry;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_part(const std::string& header, std::uint64_t size) {
  const auto part = wanted_part({{"Range", header}}, size, "\"etag\"");
  if (!part) {
    require(part.error().status == 416 && size > 0);
  } else if (*part) {
    require((*part)->first <= (*part)->last && (*part)->last < size);
  }
  const auto other = wanted_part({{"Range", header}, {"If-Range", header}}, size, "\"etag\"");
  require(other && !*other);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(sigstore::as_text({data, size}));
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{1} << 62}) {
    check_part(header, length);
    const sigstore::net::Headers headers{{"Content-Range", header}};
    const auto chunk = check_chunk({.headers = &headers, .content_length = size}, length);
    require(chunk ? header.starts_with(std::to_string(length) + "-") || header.starts_with('0')
                  : chunk.error().status == 416 || chunk.error().status == 400);
  }
  return 0;
}
