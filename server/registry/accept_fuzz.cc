// A manifest that is pushed: one that is taken says one thing, and within bounds. The first byte chooses what
// its Content-Type says.
#include <cstdlib>

#include "server/registry/accept.h"
#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"

using namespace server::registry;
namespace oci = sigstore::oci;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view types[] = {"", oci::media_type::oci_manifest, oci::media_type::oci_index,
                                    oci::media_type::docker_manifest, oci::media_type::docker_index};
  const std::string type(types[data[0] % std::size(types)]);
  const std::string bytes(sigstore::as_text({data + 1, size - 1}));
  const auto pushed = read_pushed(type, bytes);
  if (!pushed) {
    require(pushed.error().status == 400 && pushed.error().code == "MANIFEST_INVALID");
    return 0;
  }
  const bool index = oci::is_index(pushed->media_type);
  require(index != oci::is_manifest(pushed->media_type));
  require(type.empty() || pushed->media_type == type);
  require(index ? pushed->blobs.empty() : pushed->children.empty());
  require(pushed->children.size() <= sigstore::limits::index_children);
  for (const auto& blob : pushed->blobs) require(!is_foreign(blob) || blob == pushed->blobs.front());
  // What is listed later can be made of it.
  if (pushed->subject) require(oci::referrer_descriptor(bytes, pushed->media_type).has_value());
  return 0;
}
