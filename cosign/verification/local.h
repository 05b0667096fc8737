// Candidates that do not come from the registry: a folder (--local-image), or two files (--signature,
// --payload).
#pragma once

#include <string>
#include <vector>

#include "sigstore/base/cancel.h"
#include "sigstore/base/env.h"
#include "sigstore/check/pipeline.h"
#include "sigstore/store/layout/layout.h"

namespace cosign {

// Every image of an OCI layout (a folder, or an archive of `cosign save`), judged by what the layout holds.
// One result per image; an unreadable folder is one result with the reason `invalid`. An accepted image is
// read whole, in flat memory: one that lacks a part, or holds another, is `lookup_failed`. `cancel` ends the
// reading; may be null.
std::vector<sigstore::check::ImageResult> check_layout(sigstore::Files& files, const std::string& path,
                                                       const sigstore::check::Options& options,
                                                       const sigstore::Cancel* cancel);
// The same of one that is open; config and layers are left to the caller (carry::check_blobs).
std::vector<sigstore::check::ImageResult> check_layout(const sigstore::store::Layout& layout,
                                                       const sigstore::check::Options& options);

// The same of several folders or archives, one after the other.
std::vector<sigstore::check::ImageResult> check_layouts(sigstore::Files& files,
                                                        const std::vector<std::string>& paths,
                                                        const sigstore::check::Options& options,
                                                        const sigstore::Cancel* cancel);

// A detached signature: base64 (or raw) bytes, and the payload that it is over.
sigstore::Result<sigstore::store::Stored> read_detached(sigstore::Files& files,
                                                        const std::string& signature_path,
                                                        const std::string& payload_path);

}  // namespace cosign
