// What is found is a reference, once; the base is among the images.
#include <algorithm>
#include <cstdlib>

#include "cosign/commands/dockerfile-verify/dockerfile_images.h"
#include "sigstore/base/bytes.h"
#include "sigstore/oci/reference.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<std::string> variable(const std::string& name) {
  return name.starts_with("E") ? std::optional(name) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const cosign::BuildInputs inputs{{{"A", "given"}}, variable, "linux/amd64"};
  const auto found = cosign::images_of_dockerfile(sigstore::as_text({data, size}), "fuzz", inputs);
  if (!found) {
    require(!found.error().message.empty());
    return 0;
  }
  for (const auto& image : found->images) {
    require(sigstore::oci::Reference::parse(image).has_value());
    require(std::ranges::count(found->images, image) == 1);
  }
  require(!found->base || std::ranges::count(found->images, *found->base) == 1);
  return 0;
}
