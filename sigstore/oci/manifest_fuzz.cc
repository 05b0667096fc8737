// Manifests and indexes: what is accepted is written, and read as the same value again; nothing is both.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/oci/manifest.h"

using namespace sigstore;
using namespace sigstore::oci;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

template <typename Document>
void check_round_trip(const Document& document) {
  const std::string text = document.write();
  const auto again = Document::parse(text);
  require(again.has_value() && *again == document && again->write() == text);
}

void check_descriptor(const Descriptor& descriptor) {
  require(Digest::parse(descriptor.digest.text()).has_value());
}

void check_referrer(std::string_view text, std::string_view media_type) {
  const auto descriptor = referrer_descriptor(text, media_type);
  require(descriptor.has_value() && descriptor->digest.matches(text) && descriptor->size == text.size());
  require(*Descriptor::from_json(descriptor->to_json(), "again") == *descriptor);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto manifest = Manifest::parse(text);
  const auto index = Index::parse(text);
  if (manifest) {
    check_round_trip(*manifest);
    check_referrer(text, media_type::oci_manifest);
    for (const auto& layer : manifest->layers) check_descriptor(layer);
  }
  if (index) {
    check_round_trip(*index);
    check_referrer(text, media_type::oci_index);
    for (const auto& child : index->manifests) check_descriptor(child);
    if (const auto chosen = select_platform(*index, {"linux", "amd64", "", {}}))
      require(chosen->platform->text().starts_with("linux/amd64"));
  }
  // A document with content of one kind is never read as the other; an empty one may be read as either.
  if (manifest && index) require(manifest->layers.empty() && index->manifests.empty());
  return 0;
}
