// An index.json from a stranger, beside an image with a `.sig` and a bundle: whatever it says, what is listed
// keeps the bounds and has its own digest.
#include <cstdlib>

#include "sigstore/base/testing/memory_files.h"
#include "sigstore/store/layout/layout.h"

using namespace sigstore;
using namespace sigstore::store;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void put_blob(fakes::MemoryFiles& files, const std::string& text) {
  files.put("d/blobs/sha256/" + std::string(oci::Digest::sha256(text).hex()), text);
}

// The input may name these two: the corpus does.
void put_blobs(fakes::MemoryFiles& files) {
  const std::string image = R"({"schemaVersion":2,"layers":[]})";
  const std::string payload =
      R"({"critical":{"image":{"docker-manifest-digest":")" + oci::Digest::sha256(image).text() + R"("}}})";
  const std::string layer =
      R"({"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","size":1,"digest":")" +
      oci::Digest::sha256(payload).text() +
      R"(","annotations":{"dev.cosignproject.cosign/signature":"c2ln"}})";
  const std::string subject =
      R"("subject":{"size":1,"digest":")" + oci::Digest::sha256(image).text() + R"("})";
  put_blob(files, image);
  put_blob(files, payload);
  put_blob(files, R"({"schemaVersion":2,"layers":[)" + layer + "]}");
  put_blob(
      files,
      R"({"schemaVersion":2,"layers":[],"artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json",)" +
          subject + "}");
}

void check(const Layout& layout) {
  require(layout.images().size() <= layout.entries().size());
  require(layout.entries().size() <= limits::index_children);
  for (const auto& image : layout.images()) {
    const auto listing = layout.list(image.digest);
    if (!listing) continue;
    require(listing->entries.size() <= limits::layers_per_manifest + limits::referrers);
    for (const auto& entry : listing->entries)
      require(entry.digest != oci::Digest() && !entry.location.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fakes::MemoryFiles files;
  put_blobs(files);
  files.put("d/index.json", std::string(as_text({data, size})));
  const auto layout = Layout::open(files, "d");
  if (layout)
    check(*layout);
  else
    require(!layout.error().message.empty());
  return 0;
}
