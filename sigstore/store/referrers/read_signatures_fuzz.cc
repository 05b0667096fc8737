// A manifest that a registry lists as a referrer, from anybody: it is a signature of this very image, an
// entry with an error, or nothing; and one of another image never comes through.
#include <cstdlib>

#include "sigstore/remote/registry/testing/memory_registry.h"
#include "sigstore/store/referrers/bundle_manifest.h"
#include "sigstore/store/referrers/read_signatures.h"

using namespace sigstore;
using namespace sigstore::store;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const oci::Repository repository{"r.example", "app"};
const oci::Digest subject = oci::Digest::sha256("subject");
// What the layers of the corpus name: a bundle's bytes need not be a bundle, the payload is any text.
constexpr std::string_view no_bundle = "{}";
constexpr std::string_view payload_text = "payload";

bool is_about_subject(std::string_view bytes) {
  const auto manifest = oci::Manifest::parse(bytes);
  return manifest && manifest->subject && manifest->subject->digest == subject;
}

void check_entry(const Stored& entry, const oci::Digest& referrer, std::string_view bytes) {
  require(entry.location == oci::digest_reference(repository, referrer));
  if (entry.bundle) require(is_about_subject(bytes));
  if (entry.format == Format::bundle) require(entry.digest == referrer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = as_text({data, size});
  remote::testing::MemoryRegistry registry;
  registry.add_blob(repository, no_bundle);
  registry.add_blob(repository, payload_text);
  const auto referrer = registry.add_manifest(repository, "", oci::media_type::oci_manifest, bytes);
  Listing listing;
  const auto read = read_signatures(registry, repository, subject, {referrer}, 1 * limits::mib, listing);
  require(read.has_value());
  require(listing.notes.empty());
  const auto layers = signature_layers(subject, oci::media_type::oci_manifest, bytes);
  require(listing.entries.size() == (layers ? layers->size() : 1));
  for (const Stored& entry : listing.entries) check_entry(entry, referrer.digest, bytes);
  return 0;
}
