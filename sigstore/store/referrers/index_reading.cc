#include "sigstore/store/referrers/index_reading.h"

#include <algorithm>
#include <set>

namespace sigstore::store {
namespace {

namespace json = codec::json;

constexpr std::string_view what = "the fallback index";
constexpr std::string_view algorithm = "sha256:";
constexpr std::size_t hex_digits = 64;

std::string text_of(const json::Object& object, std::string_view key) {
  const json::Value* member = object.find(key);
  return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
}

// Every sha256 digest in a text of any kind, each once.
std::vector<oci::Digest> digests_in(std::string_view bytes) {
  std::vector<oci::Digest> found;
  std::set<oci::Digest> seen;
  for (std::size_t at = bytes.find(algorithm); at != std::string_view::npos;
       at = bytes.find(algorithm, at + 1)) {
    auto digest = oci::Digest::parse(bytes.substr(at, algorithm.size() + hex_digits));
    if (!digest || !seen.insert(*digest).second) continue;
    if (found.size() == limits::index_children) break;
    found.push_back(std::move(*digest));
  }
  return found;
}

void read_type(IndexReading& reading, std::string_view media_type) {
  const std::string own = text_of(reading.document, "mediaType");
  if (!own.empty() && own != oci::media_type::oci_index)
    reading.damage.push_back("its mediaType is \"" + own + "\" and not that of an index");
  else if (!media_type.empty() && media_type != oci::media_type::oci_index)
    reading.damage.push_back("the registry calls it \"" + std::string(media_type) + "\" and not an index");
  const json::Value* version = reading.document.find("schemaVersion");
  if (version == nullptr || version->to_uint64() != 2u)
    reading.damage.emplace_back("its schemaVersion is not 2");
}

void read_entry(IndexReading& reading, const json::Value& value, std::size_t number) {
  const std::string place = "entry " + std::to_string(number);
  auto descriptor = oci::Descriptor::from_json(value, place);
  const json::Value* said = value.get("digest");
  auto digest = descriptor                                     ? Result<oci::Digest>(descriptor->digest)
                : said != nullptr && said->string() != nullptr ? oci::Digest::parse(*said->string())
                                                               : fail(Code::malformed, "no digest");
  if (!digest) {
    reading.damage.push_back(place + " has no digest that can be read");
    return;
  }
  ListedEntry entry{std::move(*digest), value, {}};
  if (!descriptor) entry.unreadable = std::move(descriptor).error();
  reading.entries.push_back(std::move(entry));
}

void read_entries(IndexReading& reading, const json::Array& manifests) {
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    if (i == limits::index_children) {
      reading.damage.push_back("it lists more than " + std::to_string(limits::index_children) +
                               " manifests; the rest is passed over");
      return;
    }
    read_entry(reading, manifests[i], i + 1);
  }
}

// What an index has beside its list, if that can be read at all.
void check_members(IndexReading& reading) {
  json::Object alone = reading.document;
  alone.set("manifests", json::Array{});
  if (!text_of(alone, "mediaType").empty()) alone.set("mediaType", oci::media_type::oci_index);
  alone.set("schemaVersion", 2);
  if (const auto parsed = oci::Index::parse(json::write(alone)); !parsed) {
    reading.damage.push_back("it cannot be read: " + parsed.error().text());
    reading.document = {};
  }
}

bool is_manifest(const json::Value& document, std::string_view bytes) {
  return (document.get("config") != nullptr || document.get("layers") != nullptr) &&
         oci::Manifest::parse(bytes);
}

IndexReading no_list(std::string why, std::string_view bytes) {
  IndexReading reading;
  reading.damage.push_back(std::move(why));
  reading.mentioned = digests_in(bytes);
  return reading;
}

}  // namespace

IndexReading read_damaged_index(std::string_view bytes, std::string_view media_type) {
  auto parsed =
      json::parse(bytes, what, {.max_bytes = limits::manifest_bytes, .max_values = limits::manifest_values});
  if (!parsed) return no_list("it cannot be read: " + parsed.error().text(), bytes);
  if (parsed->object() == nullptr) return no_list("it is no JSON object", bytes);
  const json::Value* list = parsed->get("manifests");
  const bool none = list != nullptr && list->is_null();  // as Go writes an empty list
  if (!none && (list == nullptr || list->array() == nullptr)) {
    if (!is_manifest(*parsed, bytes)) return no_list("it has no list of manifests", bytes);
    IndexReading image;
    image.damage.emplace_back("it is the manifest of an image or artifact, and no list of referrers");
    return image;
  }
  IndexReading reading;
  reading.document = *parsed->object();
  read_type(reading, media_type);
  if (!none) read_entries(reading, *list->array());
  reading.document.erase("manifests");
  check_members(reading);
  return reading;
}

std::string write_sound_index(const IndexReading& reading, json::Array entries) {
  json::Object document{{"schemaVersion", 2}, {"mediaType", oci::media_type::oci_index}};
  document.append("manifests", std::move(entries));
  for (const auto& [key, value] : reading.document.members())
    if (document.find(key) == nullptr) document.append(key, value);
  return json::write(document);
}

}  // namespace sigstore::store
