// A folder of content: ROOT/blobs/ALGORITHM/HEX, as in an OCI image layout (image-spec, image-layout.md).
// Writes go through ROOT/uploads, are synced, and appear by one rename, so that a killed process leaves no
// half content. Readers of a folder that another program writes need not create anything.
#pragma once

#include "sigstore/content/store.h"

namespace sigstore::content {

// `files` and `random` outlive the result; `random` may be null for a folder that is only read.
std::unique_ptr<Store> make_folder(Files& files, Random* random, std::string root);

// Where a digest is kept, below the root: "blobs/sha256/…". A Digest holds hex alone, so no path leaves the
// root.
std::string blob_path(const oci::Digest& digest);

// Removes what killed writers left in ROOT/uploads. Only while nobody writes.
Result<void> remove_leftovers(Files& files, const std::string& root);

}  // namespace sigstore::content
