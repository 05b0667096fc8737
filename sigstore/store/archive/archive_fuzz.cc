// Any bytes as an archive: an error, or a layout whose every content has its digest.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/base/testing/memory_files.h"
#include "sigstore/store/archive/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  fakes::MemoryFiles files;
  files.put("a.tar", std::string(reinterpret_cast<const char*>(data), size));
  const auto archive = store::open_archive(files, "a.tar");
  if (!archive) return 0;
  const auto digests = archive->content->list(limits::layout_blobs);
  if (!digests || archive->index.empty()) std::abort();
  for (const auto& digest : *digests) {
    const auto text = archive->content->read(digest, size);
    if (!text || !digest.matches(**text)) std::abort();
  }
  return 0;
}
