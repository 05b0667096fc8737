// Any bytes as a tar file: an error, or entries within it; and a name that was read is written as it was.
#include <cstdlib>

#include "sigstore/base/stream.h"
#include "sigstore/codec/tar_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  namespace tar = codec::tar;
  const auto from = read_text(as_text({data, size}));
  tar::Reader reader(*from, {.name = "fuzz", .paths = tar::Paths::taken});
  while (true) {
    const auto header = reader.next();
    if (!header || !*header) return 0;
    if (reader.at() > size || (*header)->path.size() > tar::long_path_bytes) std::abort();
    if ((*header)->folder) continue;
    if (const auto block = tar::write(**header)) {
      const auto again = tar::parse(*block);
      if (!again || again->size != (*header)->size) std::abort();
    }
    if (!tar::write_long(**header)) std::abort();
    std::array<std::uint8_t, 8> some;
    const auto piece = std::span(some).first(std::min<std::uint64_t>(some.size(), (*header)->size));
    if (!reader.read(piece)) return 0;
  }
}
