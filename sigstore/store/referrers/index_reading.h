// A fallback index in whatever state it is, read as far as it goes; and a sound one made of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/oci/manifest.h"

namespace sigstore::store {

// One place in the list.
struct ListedEntry {
  oci::Digest digest;
  codec::json::Value json;          // as it stands there
  std::optional<Error> unreadable;  // why it is no descriptor; else nothing
};

struct IndexReading {
  std::vector<std::string> damage;   // of the document as a whole; each one sentence
  std::vector<ListedEntry> entries;  // those with a digest, in their order; doubles too
  // What else looks like a digest in a document that is no list: nobody knows what of.
  std::vector<oci::Digest> mentioned;
  codec::json::Object document;  // all but "manifests"; empty when it is no index
};

// `media_type` is what the registry calls it; may be empty. At most limits::index_children entries and as
// many mentioned digests: what is beyond is damage.
IndexReading read_damaged_index(std::string_view bytes, std::string_view media_type);

// An index of these entries, with the other members of `reading`. oci::Index::parse() reads it.
std::string write_sound_index(const IndexReading& reading, codec::json::Array entries);

}  // namespace sigstore::store
