// Every image that is found is a reference, and is there once.
#include <algorithm>
#include <cstdlib>

#include "cosign/commands/manifest-verify/manifest_images.h"
#include "sigstore/base/bytes.h"
#include "sigstore/oci/reference.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto found = cosign::images_of_manifest(sigstore::as_text({data, size}), "fuzz");
  if (!found) {
    require(!found.error().message.empty());
    return 0;
  }
  for (const auto& image : found->images) {
    require(sigstore::oci::Reference::parse(image).has_value());
    require(std::ranges::count(found->images, image) == 1);
  }
  return 0;
}
