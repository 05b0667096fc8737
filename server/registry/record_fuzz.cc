// A repository's file: what is read is written again as the same, whoever wrote it.
#include <cstdlib>

#include "server/registry/record.h"
#include "sigstore/base/bytes.h"

using namespace server::registry;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto named = parse_record(sigstore::as_text({data, size}), "record");
  if (!named) return 0;
  const auto text = write_record(named->name, named->record);
  require(text.has_value());
  const auto again = parse_record(*text, "written");
  require(again.has_value());
  require(again->name == named->name && again->record.blobs == named->record.blobs);
  require(again->record.tags == named->record.tags);
  require(again->record.manifests.size() == named->record.manifests.size());
  for (const auto& [digest, entry] : named->record.manifests) {
    const ManifestEntry& other = again->record.manifests.at(digest);
    require(entry.descriptor == other.descriptor && entry.subject == other.subject);
    require(entry.referrer == other.referrer);
  }
  return 0;
}
