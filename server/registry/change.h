// One change of what a registry knows: what the journal keeps, and what is applied to the index.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/registry/entry.h"
#include "sigstore/base/env.h"
#include "sigstore/codec/json.h"

namespace server::registry {

std::int64_t seconds_now(const sigstore::Clock& clock);  // since 1970

struct Change {
  enum class Kind { add_blob, put_manifest, put_tag, remove_blob, remove_manifest, remove_tag };
  Kind kind = Kind::add_blob;
  std::string repository;
  std::int64_t time = 0;           // seconds since 1970
  sigstore::oci::Digest digest{};  // all but put_manifest and remove_tag; remove_manifest: with its tags
  std::optional<ManifestEntry> entry{};  // put_manifest
  std::vector<std::string> tags{};  // put_manifest: those that name it from now on; put_tag, remove_tag: one

  friend bool operator==(const Change&, const Change&) = default;
};

// {"op":"add-blob","time":…,"repository":…,"digest":…}
// {"op":"put-manifest","time":…,"repository":…,"descriptor":{…},"subject":digest,"referrer":{…},"tags":[…]}
// {"op":"remove-blob" | "remove-manifest","time":…,"repository":…,"digest":…}
// {"op":"put-tag","time":…,"repository":…,"digest":…,"tag":…}
// {"op":"remove-tag","time":…,"repository":…,"tag":…}
void append_change(sigstore::codec::json::Object& object, const Change& change);
// Other members of `object` are passed over. Code::malformed.
sigstore::Result<Change> parse_change(const sigstore::codec::json::Object& object);

}  // namespace server::registry
