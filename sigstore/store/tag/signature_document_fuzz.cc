// A `.sig` manifest that others wrote, to which a layer is added: theirs are all there, in their order and as
// they were, ours is the last; and a layer that was lost and is added again is known for the one it was.
#include <algorithm>
#include <cstdlib>

#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/tag/signature_document.h"

using namespace sigstore;
using namespace sigstore::store;
namespace json = sigstore::codec::json;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const oci::Repository repository{"r.example", "app"};

oci::Descriptor our_layer() {
  oci::Descriptor layer;
  layer.media_type = oci::media_type::simple_signing;
  layer.digest = oci::Digest::sha256("ours");
  layer.size = 4;
  layer.annotations["dev.cosignproject.cosign/signature"] = "b3Vycw==";
  return layer;
}

std::vector<json::Member> members_but_ours(const json::Value& document) {
  std::vector<json::Member> out;
  for (const auto& member : document.object()->members())
    if (member.key != "config" && member.key != "layers") out.push_back(member);
  return out;
}

remote::ManifestContent content_of(std::string_view media_type, std::string_view bytes) {
  remote::ManifestContent out;
  out.descriptor.media_type = media_type;
  out.bytes = bytes;
  return out;
}

void check_appended(const json::Value& before, const json::Value& after, const json::Value& ours) {
  require(members_but_ours(before) == members_but_ours(after));
  auto layers = *before.get("layers")->array();
  layers.push_back(ours);
  require(*after.get("layers")->array() == layers);
}

void check_known_again(SignatureDocument& document, const TagEntry& entry) {
  const auto draft = document.append(nullptr, {entry});
  require(draft.has_value());
  const auto entries = document.entries(content_of(draft->media_type, draft->bytes));
  require(entries.has_value() && entries->size() == 1 && (*entries)[0].key == entry.key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remote::testing::MemoryRegistry registry;
  SignatureDocument document(registry, repository, false, std::nullopt);
  const auto current = content_of(oci::media_type::oci_manifest, as_text({data, size}));
  const TagEntry ours = SignatureDocument::entry_for(our_layer());
  const auto before = document.entries(current);
  const auto draft = document.append(&current, {ours});
  if (!before || !draft) {
    require(!draft || before.has_value());
    return 0;
  }
  require(draft->media_type == current.descriptor.media_type);
  check_appended(*json::parse(current.bytes, "before"), *json::parse(draft->bytes, "after"), ours.json);
  const auto after = document.entries(content_of(draft->media_type, draft->bytes));
  require(after.has_value() && after->size() == before->size() + 1 && after->back().key == ours.key);
  for (std::size_t i = 0; i < std::min<std::size_t>(before->size(), 8); ++i)
    check_known_again(document, (*before)[i]);
  return 0;
}
