// A file of attestations: refused, or all of it is about the image, and what would be stored reads as the
// same.
#include <cstdlib>

#include "cosign/attaching/given.h"

using namespace cosign;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = sigstore::oci::Digest::sha256("image");
  const std::string text(sigstore::as_text({data, size}));
  const auto read = read_attestations(text, "file", image);
  if (!read) return 0;
  require(!read->empty());
  for (const Given& one : *read) {
    require(!one.bundles.empty() && one.envelope.empty() == (one.format == sigstore::store::Format::bundle));
    if (one.envelope.empty()) continue;
    const auto again = read_attestations(one.envelope, "again", image);
    require(again && again->size() == 1 && again->front().envelope == one.envelope);
    require(again->front().bundles == one.bundles);
  }
  return 0;
}
