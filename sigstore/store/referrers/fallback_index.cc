#include "sigstore/store/referrers/fallback_index.h"

#include <algorithm>
#include <set>

#include "sigstore/base/parallel.h"
#include "sigstore/store/fetch.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;

Result<oci::Index> parse(std::string_view bytes) {
  auto index = oci::Index::parse(bytes);
  if (!index) return fail(index.error().wrap("the fallback tag holds no list of referrers"));
  return index;
}

json::Value empty() {
  return json::Object{
      {"schemaVersion", 2}, {"mediaType", oci::media_type::oci_index}, {"manifests", json::Array{}}};
}

}  // namespace

std::string fallback_tag(const oci::Digest& subject) {
  return oci::attachment_tag(subject, "");
}

TagEntry FallbackIndex::entry_for(const oci::Descriptor& descriptor) {
  return {descriptor.digest.text(), descriptor.to_json()};
}

// Another signer's manifest may be so new that not every node of the registry has it: two answers must agree.
bool FallbackIndex::answers_404(const oci::Digest& digest) const {
  oci::Reference reference;
  reference.repository = repository_;
  reference.digest = digest;
  const auto absent = [&] {
    const auto found = registry_.resolve(reference);
    return !found && found.error().code == Code::not_found;
  };
  return absent() && absent();
}

void FallbackIndex::look_up(const oci::Index& index) const {
  std::set<oci::Digest> fresh;
  for (const oci::Descriptor& manifest : index.manifests)
    if (!gone_.contains(manifest.digest)) fresh.insert(manifest.digest);
  const std::vector<oci::Digest> digests(fresh.begin(), fresh.end());
  std::vector<char> gone(digests.size());
  parallel(digests.size(), fetched_at_once,
           [&](std::size_t i) { gone[i] = answers_404(digests[i]) ? 1 : 0; });
  for (std::size_t i = 0; i < digests.size(); ++i) gone_.emplace(digests[i], gone[i] != 0);
}

Result<std::vector<TagEntry>> FallbackIndex::entries(const remote::ManifestContent& current) const {
  TRY(const auto index, parse(current.bytes));
  look_up(index);
  std::vector<TagEntry> entries;
  for (const oci::Descriptor& manifest : index.manifests)
    if (!gone(manifest.digest)) entries.push_back(entry_for(manifest));
  return entries;
}

Result<bool> FallbackIndex::holds_what_goes(const remote::ManifestContent& current) const {
  TRY(const auto index, parse(current.bytes));
  look_up(index);
  return std::ranges::any_of(index.manifests,
                             [&](const oci::Descriptor& manifest) { return gone(manifest.digest); });
}

// The document is edited, not written anew: members and their order are others' business.
Result<Draft> FallbackIndex::append(const remote::ManifestContent* current,
                                    const std::vector<TagEntry>& added) {
  json::Value document = empty();
  std::string type(oci::media_type::oci_index);
  if (current != nullptr) {
    TRY(const auto index, parse(current->bytes));
    look_up(index);
    TRY(document, json::parse(current->bytes, "the fallback index"));
    type = current->descriptor.media_type;
    json::Array kept;
    for (std::size_t i = 0; i < index.manifests.size(); ++i)
      if (!gone(index.manifests[i].digest)) kept.push_back((*document.get("manifests")->array())[i]);
    document.object()->set("manifests", std::move(kept));
  }
  json::Array& manifests = *document.object()->find("manifests")->array();
  for (const TagEntry& entry : added) manifests.push_back(entry.json);
  return Draft{std::move(type), json::write(document)};
}

std::vector<std::string> FallbackIndex::notes() const {
  std::vector<std::string> notes;
  for (const auto& [digest, is_gone] : gone_)
    if (is_gone)
      notes.push_back("the fallback tag listed " + digest.text() +
                      ", which is not there any more; it was taken off the list");
  return notes;
}

}  // namespace sigstore::store
