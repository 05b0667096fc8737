// Any bytes as the tar file of a mirror: an error, or a repository that gives what is in it, and nothing
// else.
#include <cstdlib>

#include "sigstore/base/testing/memory_files.h"
#include "sigstore/remote/tufrepo/tufrepo.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sigstore;
  fakes::MemoryFiles files;
  files.put("m.tar", std::string(reinterpret_cast<const char*>(data), size));
  const auto repository = remote::open_tar_tufrepo(files, "m.tar");
  if (!repository) return 0;
  const auto timestamp = (*repository)->metadata("timestamp.json", size);
  if (!timestamp || timestamp->size() > size) std::abort();
  for (const char* path : {"../timestamp.json", "/x", ""})
    if ((*repository)->target(path, size)) std::abort();
  return 0;
}
