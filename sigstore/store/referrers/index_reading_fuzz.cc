// A fallback index in any state: whatever is made of it is an index that everybody can read, with the entries
// that were chosen, and is sound when it is read again.
#include <cstdlib>

#include "sigstore/store/referrers/index_reading.h"

using namespace sigstore;
using namespace sigstore::store;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Those that are descriptors already.
codec::json::Array readable(const IndexReading& reading) {
  codec::json::Array out;
  for (const ListedEntry& entry : reading.entries)
    if (!entry.unreadable) out.push_back(entry.json);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const auto reading = read_damaged_index(text, oci::media_type::oci_index);
  require(reading.entries.size() <= limits::index_children);
  require(reading.mentioned.size() <= limits::index_children);
  require(reading.entries.empty() || reading.mentioned.empty());
  // What is called sound, every reader can read.
  const auto parsed = oci::Index::parse(text);
  const auto entries = readable(reading);
  if (reading.damage.empty() && entries.size() == reading.entries.size()) {
    require(parsed.has_value());
    require(parsed->manifests.size() == entries.size());
  }
  const std::string mended = write_sound_index(reading, entries);
  const auto again = oci::Index::parse(mended);
  require(again.has_value());
  require(again->manifests.size() == entries.size());
  require(read_damaged_index(mended, oci::media_type::oci_index).damage.empty());
  return 0;
}
