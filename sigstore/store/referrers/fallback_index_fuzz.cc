// A fallback index that others wrote, to which a bundle is added: whatever is not gone is there, in its order
// and as it was, ours is the last.
#include <cstdlib>

#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/referrers/fallback_index.h"

using namespace sigstore;
using namespace sigstore::store;
namespace json = sigstore::codec::json;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const oci::Repository repository{"r.example", "app"};

// Of the manifests that an index names, those whose digest ends in an even digit are there.
bool is_there(std::string_view digest) {
  return (digest.back() - '0') % 2 == 0;
}

remote::ManifestContent content_of(std::string_view bytes) {
  remote::ManifestContent out;
  out.descriptor.media_type = oci::media_type::oci_index;
  out.bytes = bytes;
  return out;
}

json::Array still_there(const json::Value& document) {
  json::Array out;
  const json::Value* manifests = document.get("manifests");
  if (manifests == nullptr || manifests->array() == nullptr) return out;
  for (const json::Value& manifest : *manifests->array())
    if (is_there(*manifest.get("digest")->string())) out.push_back(manifest);
  return out;
}

void check_others(const json::Value& before, const json::Value& after) {
  for (const auto& [name, value] : before.object()->members())
    if (name != "manifests") require(*after.get(name) == value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remote::testing::MemoryRegistry registry;
  registry.before(remote::testing::Call::resolve,
                  [](const remote::testing::Request& request) -> Result<void> {
                    return fail(is_there(request.target) ? Code::unavailable : Code::not_found, "no");
                  });
  FallbackIndex index(registry, repository);
  oci::Descriptor ours;
  ours.digest = oci::Digest::sha256("ours");
  const auto current = content_of(as_text({data, size}));
  const auto before = index.entries(current);
  const auto draft = index.append(&current, {FallbackIndex::entry_for(ours)});
  require(before.has_value() == draft.has_value());
  if (!draft) return 0;
  const auto old = *json::parse(current.bytes, "before"), now = *json::parse(draft->bytes, "after");
  check_others(old, now);
  auto expected = still_there(old);
  require(before->size() == expected.size());
  expected.push_back(FallbackIndex::entry_for(ours).json);
  require(*now.get("manifests")->array() == expected);
  require(draft->media_type == current.descriptor.media_type);
  return 0;
}
