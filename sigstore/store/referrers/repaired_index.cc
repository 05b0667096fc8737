#include "sigstore/store/referrers/repaired_index.h"

#include "sigstore/store/artifact_store.h"

namespace sigstore::store {
namespace {

namespace json = codec::json;
using State = RepairEntry::State;
using Lookup = ReferrerLookup::State;

// What a list says of a manifest, against the manifest. Older writers leave the artifact type out, or take
// that of the config: readers know them.
std::string difference(const ListedEntry& listed, const oci::Descriptor& right) {
  if (listed.unreadable) return listed.unreadable->text();
  const auto said = oci::Descriptor::from_json(listed.json, "an entry");
  if (said->size != right.size)
    return "its size is " + std::to_string(right.size) + " and not " + std::to_string(said->size);
  if (said->media_type != right.media_type)
    return "its media type is " + right.media_type + " and not \"" + said->media_type + "\"";
  const std::string& type = said->artifact_type;
  if (type.empty() || type == right.artifact_type || type == oci::media_type::oci_empty ||
      type == oci::media_type::oci_config)
    return {};
  return "its artifact type is " + right.artifact_type + " and not \"" + type + "\"";
}

// Members that nobody asks about stay: they are others' business.
json::Value corrected(const json::Value& listed, const oci::Descriptor& right) {
  const json::Value fresh = right.to_json();
  if (listed.object() == nullptr) return fresh;
  json::Value mended = listed;
  for (const auto& [key, value] : fresh.object()->members())
    if (key != "annotations" || listed.get(key) == nullptr) mended.object()->set(key, value);
  return oci::Descriptor::from_json(mended, "an entry") ? mended : fresh;
}

struct Mended {
  State state;
  std::string detail;
  std::optional<json::Value> json;  // nullopt: it goes
};

Result<Mended> mend_entry(const ListedEntry& listed, const ReferrerLookup& found) {
  switch (found.state) {
    case Lookup::gone:
      return Mended{State::gone, {}, {}};
    case Lookup::foreign:
      return Mended{State::foreign, {}, {}};
    case Lookup::unknown:
      if (!listed.unreadable) return Mended{State::kept, found.error.text(), listed.json};
      // What nobody can read cannot stay in a list that everybody must read.
      if (!is_lookup_failure(found.error.code)) return Mended{State::foreign, found.error.text(), {}};
      return fail(found.error.wrap("cannot tell what " + listed.digest.text() +
                                   " is, whose entry in the list cannot be read"));
    case Lookup::referrer:
      break;
  }
  std::string other = difference(listed, found.descriptor);
  if (other.empty()) return Mended{State::good, {}, listed.json};
  return Mended{State::corrected, std::move(other), corrected(listed.json, found.descriptor)};
}

bool changes(State state) {
  return state != State::good && state != State::kept;
}

IndexReading reading_of(const remote::ManifestContent& content) {
  return read_damaged_index(content.bytes, content.descriptor.media_type);
}

}  // namespace

Result<IndexRepair> mend(const IndexReading& reading, ReferrerLookups& lookups) {
  std::vector<oci::Digest> digests;
  for (const ListedEntry& entry : reading.entries) digests.push_back(entry.digest);
  lookups.look_up(digests);
  IndexRepair repair;
  repair.sound = reading.damage.empty();
  std::set<oci::Digest> seen;
  for (const ListedEntry& entry : reading.entries) {
    Mended mended{State::doubled, {}, {}};
    if (!seen.contains(entry.digest)) {
      TRY(mended, mend_entry(entry, lookups.at(entry.digest)));
    }
    if (mended.json) {
      seen.insert(entry.digest);
      repair.standing.push_back({entry.digest.text(), *mended.json});
      repair.kept.push_back(std::move(*mended.json));
    }
    repair.sound = repair.sound && !changes(mended.state);
    repair.entries.push_back({mended.state, entry.digest, std::move(mended.detail)});
  }
  return repair;
}

TagEntry RepairedIndex::sound() {
  return {"sound", json::Value()};
}

TagEntry RepairedIndex::entry_for(const oci::Descriptor& descriptor) {
  return {descriptor.digest.text(), descriptor.to_json()};
}

Result<std::vector<TagEntry>> RepairedIndex::entries(const remote::ManifestContent& current) const {
  TRY(IndexRepair repair, mend(reading_of(current), lookups_));
  if (repair.sound) repair.standing.push_back(sound());
  return std::move(repair.standing);
}

Result<Draft> RepairedIndex::append(const remote::ManifestContent* current,
                                    const std::vector<TagEntry>& added) {
  const IndexReading reading = current == nullptr ? IndexReading{} : reading_of(*current);
  TRY(IndexRepair repair, mend(reading, lookups_));
  json::Array entries = std::move(repair.kept);
  for (const TagEntry& entry : added)
    if (entry.key != sound().key) entries.push_back(entry.json);
  return Draft{std::string(oci::media_type::oci_index), write_sound_index(reading, std::move(entries))};
}

}  // namespace sigstore::store
