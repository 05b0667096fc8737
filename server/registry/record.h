// What is kept of one repository beside the content itself, and the form of its file.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sigstore/base/result.h"
#include "sigstore/oci/manifest.h"

namespace server::registry {

struct ManifestEntry {
  sigstore::oci::Descriptor descriptor;  // media type, digest, size
  std::optional<sigstore::oci::Digest> subject;
  std::optional<sigstore::oci::Descriptor> referrer;  // as a referrers list shows it; with a subject only
};

struct RepositoryRecord {
  std::set<std::string> blobs;
  std::map<std::string, ManifestEntry> manifests;  // by digest
  std::map<std::string, std::string> tags;         // to digest
};

// {"name":…,"blobs":[digest…],"manifests":[{"descriptor":…,"subject":digest,"referrer":…}…],"tags":{tag:digest…}}
// Code::too_large for a record that parse_record() would not take: what could not be read again must not be
// acknowledged.
sigstore::Result<std::string> write_record(const std::string& name, const RepositoryRecord& record);

struct NamedRecord {
  std::string name;
  RepositoryRecord record;
};
// `path` is for messages. Code::malformed.
sigstore::Result<NamedRecord> parse_record(std::string_view text, const std::string& path);

// The name of a repository's file: its own, with "/" as "%", which no name holds; a long one ends in a hash.
std::string record_file(const std::string& repository);

}  // namespace server::registry
