// An archive of a saved image: one tar file that holds an OCI image layout, and, where this program wrote it,
// the list `contents.json` of all that must be in it. See docs/formats/saved-image.md.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"
#include "sigstore/content/store.h"

namespace sigstore::store {

// What an archive must hold: size and SHA-256 (hex) of each file but the list itself.
struct ArchiveFile {
  std::uint64_t size = 0;
  std::string sha256;
  friend bool operator==(const ArchiveFile&, const ArchiveFile&) = default;
};
using ArchiveList = std::map<std::string, ArchiveFile>;  // by path

inline constexpr const char* archive_list_name = "contents.json";
std::string write_list(const ArchiveList& list);
// Strict; at most limits::archive_entries. Code::malformed, unsupported (another version), too_large.
Result<ArchiveList> parse_list(std::string_view json);

struct Archive {
  std::string version, index;               // the files oci-layout (may be empty) and index.json
  std::unique_ptr<content::Store> content;  // read only; what it gives is verified again
};

// Reads it whole, once, before anything of it is used: every blob has its digest, and all is there that the
// list names and nothing else. Refused are truncated files, other names than those of a layout (paths that
// lead elsewhere among them), links, devices, and what stands twice. `files` outlives the result. It takes as
// long as reading the file does: `cancel`, which may be null, ends it (Code::cancelled).
Result<Archive> open_archive(Files& files, const std::string& path, const Cancel* cancel = nullptr);

}  // namespace sigstore::store
